/** Finds out whether a store is what its kind promises. */
@org.jspecify.annotations.NullMarked
package io.slicekeep.probe;
