package io.slicekeep.dispersal;

/**
 * A member that a change of members takes out. Immutable.
 *
 * @param index its position among the members
 * @param departure how it goes
 */
public record Leaving(int index, Departure departure) {}
