package io.slicekeep.task;

import java.util.function.LongSupplier;

/**
 * Elapsed time out of two clocks, each of which lies in its own way: the monotonic one stops while the machine is
 * suspended, the wall clock is set forward and back. Thread-safe.
 *
 * <p>Over any interval the result advances at least as much as the monotonic clock, and as much as the wall clock but for
 * twice {@link #JITTER_NANOS}. So it is the monotonic time plus the sum of all advances of the wall clock against it; a wall clock
 * that is set back takes nothing away. Advances below the jitter are held back until they add up, because the clocks are read
 * one after the other and at different resolutions, and counting each flicker would make time run away.
 */
final class ElapsedClock {
    static final long JITTER_NANOS = 50_000_000;

    private final LongSupplier monotonicNanos;
    private final LongSupplier wallNanos;
    private final long monotonicOrigin;

    // All under this object's lock.
    private long wallAhead;
    private long suspended;
    private long latest;

    ElapsedClock(LongSupplier monotonicNanos, LongSupplier wallNanos) {
        this.monotonicNanos = monotonicNanos;
        this.wallNanos = wallNanos;
        this.monotonicOrigin = monotonicNanos.getAsLong();
        this.wallAhead = wallNanos.getAsLong();
    }

    /** Returns what the monotonic clock alone says. */
    long monotonicNanos() {
        return monotonicNanos.getAsLong() - monotonicOrigin;
    }

    synchronized long elapsedNanos() {
        long monotonic = monotonicNanos();
        long advance = wallNanos.getAsLong() - monotonic - wallAhead;
        if (Math.abs(advance) > JITTER_NANOS) {
            suspended += Math.max(0, advance);
            wallAhead += advance;
        }
        latest = Math.max(latest, monotonic + suspended);
        return latest;
    }
}
