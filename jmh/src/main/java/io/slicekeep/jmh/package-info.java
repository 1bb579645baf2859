/** Benchmarks, each beside the limit of its stage, so that figures are read as parts of it and not as absolute times. */
@NullMarked
package io.slicekeep.jmh;

import org.jspecify.annotations.NullMarked;
