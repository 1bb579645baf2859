/** Tests that need all modules: the rules between them. */
@NullMarked
package io.slicekeep.acceptance;

import org.jspecify.annotations.NullMarked;
