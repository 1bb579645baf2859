package io.slicekeep.task;

/**
 * A moment of {@link Tasks#elapsedNanos()}. Immutable.
 *
 * @param tasks whose time it is
 * @param atNanos the moment
 */
public record Deadline(Tasks tasks, long atNanos) {
    /**
     * Returns the time left.
     *
     * @return nanoseconds, 0 if it has passed
     */
    public long remainingNanos() {
        return Math.max(0, atNanos - tasks.elapsedNanos());
    }

    /**
     * Tells whether the moment has passed.
     *
     * @return true from that moment on
     */
    public boolean passed() {
        return remainingNanos() == 0;
    }
}
