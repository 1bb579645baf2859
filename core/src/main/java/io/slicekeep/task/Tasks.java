package io.slicekeep.task;

import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Where work is forked and waited for, and where time comes from. Code in core and erasure uses no other threads, waits,
 * timers or clocks; a simulator implements this interface to run everything one step at a time. Thread-safe.
 */
public interface Tasks {
    /**
     * Returns elapsed time for deadlines and ages: it never goes back, and counts the time the machine was suspended.
     *
     * @return nanoseconds since an arbitrary origin, at least 0
     */
    long elapsedNanos();

    /**
     * Returns the wall clock. It never decides order by itself; revisions take it as a lower bound of their counter.
     *
     * @return microseconds since 1970-01-01T00:00Z
     */
    long wallMicros();

    /**
     * Waits for at least so long. Others rely on it: unlike a deadline it is not reached early because the wall clock is set
     * forward, nor because the machine was suspended.
     *
     * @param duration how long
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    void pause(Duration duration) throws InterruptedIOException;

    /**
     * Starts a group of tasks whose outcomes one caller awaits.
     *
     * @param <T> what a task returns
     * @return an empty group, to be closed by the caller
     */
    <T> TaskGroup<T> group();

    /**
     * Returns the deadline a while from now.
     *
     * @param duration how long from now; what is too long for nanoseconds is for ever
     * @return the deadline
     */
    default Deadline deadline(Duration duration) {
        long now = elapsedNanos();
        if (duration.isNegative()) {
            return new Deadline(this, now);
        }
        boolean forEver = duration.compareTo(Duration.ofNanos(Long.MAX_VALUE - now)) >= 0;
        return new Deadline(this, forEver ? Long.MAX_VALUE : now + duration.toNanos());
    }
}
