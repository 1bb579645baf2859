package io.slicekeep.testkit.simulator;

/**
 * A part of a run that can be left out, so that a failing run can be shrunk. It means the same in every run of a seed,
 * whatever else was left out. Immutable.
 *
 * @param kind what it is
 * @param owner which actor or process it belongs to; 0 for an event
 * @param number which of the owner's
 */
record Piece(Kind kind, int owner, int number) {
    /** What can be left out, the larger parts first. */
    enum Kind {
        ACTOR,
        OPERATION,
        EVENT,
        FAULT
    }
}
