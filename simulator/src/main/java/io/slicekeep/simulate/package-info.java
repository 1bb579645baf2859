/** The command {@code ./simulate}: campaigns of the simulator, and the bugs that it must be able to see. */
@org.jspecify.annotations.NullMarked
package io.slicekeep.simulate;
