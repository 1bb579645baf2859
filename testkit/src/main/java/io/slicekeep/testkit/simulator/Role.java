package io.slicekeep.testkit.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What an actor does, one operation at a time. It tells the run's model what it was promised. Confined to one thread at a time.
 */
interface Role {
    /** Returns how many operations it does in all. */
    int operations();

    /** Returns how wrong the clocks of its processes may be. */
    default Clock.Range clocks() {
        return Clock.Range.USUAL;
    }

    /** Tells whether it has keys. Who has none deletes nothing, and records nothing. */
    default boolean hasKeys() {
        return true;
    }

    /** Returns how long it rests before an operation at most. */
    default Duration longestRest() {
        return Duration.ofSeconds(3);
    }

    /**
     * Does one operation. A failure that is documented is none; a broken promise is a {@link Violation}.
     *
     * @param number which of the actor's
     * @param opened the keep, as the actor's present process has opened it
     * @param draws what the operation draws, the same whatever else happens
     * @throws IOException as the keep does; the model takes it as unknown
     */
    void perform(int number, Opened opened, SplittableRandom draws) throws IOException;
}
