/** Stores that need nothing but a JDK: a directory, and memory. */
package io.slicekeep.store;
