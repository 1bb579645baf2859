/** The ways Slicekeep can fail: one checked family under {@link java.io.IOException}. Bottom of the import graph. */
package io.slicekeep.error;
