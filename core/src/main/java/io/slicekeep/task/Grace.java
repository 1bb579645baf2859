package io.slicekeep.task;

import java.time.Duration;

/**
 * A moment of {@link Tasks#monotonicNanos()}, until which others are waited for. Immutable.
 *
 * @param tasks whose time it is
 * @param atNanos the moment
 */
public record Grace(Tasks tasks, long atNanos) {
    /**
     * Returns the time left.
     *
     * @return 0 if it is over
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - tasks.monotonicNanos()));
    }

    /**
     * Tells whether it is over.
     *
     * @return true from the moment on
     */
    public boolean isOver() {
        return remaining().isZero();
    }
}
