package io.slicekeep.register;

/**
 * What became of a change. Immutable.
 *
 * @param applied whether it took effect; false if it declined
 * @param state what it made of the register; if it declined, what it declined to change
 */
public record Update(boolean applied, State state) {}
