/**
 * What tests need: contracts that every implementation of a seam must pass, stores that fail and lie, and a world in which
 * threads and time are deterministic.
 */
package io.slicekeep.testkit;
