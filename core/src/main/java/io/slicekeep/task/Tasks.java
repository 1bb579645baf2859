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
     * Returns elapsed time for who waits for others' deadlines: unlike {@link #elapsedNanos} it does not go ahead because the wall
     * clock is set forward, and may stand still while the machine is suspended.
     *
     * @return nanoseconds since an arbitrary origin, at least 0; it never goes back
     */
    long monotonicNanos();

    /**
     * Returns the wall clock. It never decides order by itself; revisions take it as a lower bound of their counter.
     *
     * @return microseconds since 1970-01-01T00:00Z
     */
    long wallMicros();

    /**
     * Waits for at least so long by {@link #monotonicNanos}, for others rely on it.
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

    /**
     * Returns until when to wait for others.
     *
     * @param duration how long from now, at most 100 years
     * @return the end of the wait
     */
    default Grace grace(Duration duration) {
        return new Grace(this, monotonicNanos() + duration.toNanos());
    }
}
