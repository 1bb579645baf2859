package io.slicekeep.testkit.simulator;

import io.slicekeep.task.Tasks;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The clocks of one process. The wall clock is wrong and is set forward and back; the monotonic one may stand still while the
 * machine is suspended. What production makes of both ({@code ElapsedClock}): all that the monotonic clock counts, and all by which
 * the wall clock runs ahead of it. Confined to one thread at a time.
 */
final class Clock {
    private final Range range;
    private long aheadMicros;
    private long setForwardNanos;
    private long skippedNanos;

    Clock(Range range, SplittableRandom draws) {
        this.range = range;
        this.aheadMicros = range.draw(draws);
    }

    /** Returns clocks that are right. */
    static Clock right() {
        return new Clock(new Range(0, 0), new SplittableRandom(0));
    }

    /**
     * How wrong a wall clock may be: nobody's may be more than G/2 behind a collector's (docs/PROTOCOLS.md 1).
     *
     * @param fromMicros the least it may be ahead; negative if behind
     * @param toMicros the most
     */
    record Range(long fromMicros, long toMicros) {
        private static final long QUARTER_GRACE_MICROS = Run.GRACE.toNanos() / 4000;
        private static final long HOUR_MICROS = Duration.ofHours(1).toNanos() / 1000;

        /** Of whoever does not collect. */
        static final Range USUAL = new Range(-QUARTER_GRACE_MICROS, HOUR_MICROS);

        /** Of whoever collects. */
        static final Range OF_COLLECTORS = new Range(-HOUR_MICROS, QUARTER_GRACE_MICROS);

        /** Draws one: small errors are as likely as large ones. */
        long draw(SplittableRandom draws) {
            int shift = draws.nextInt(12);
            return draws.nextLong(fromMicros >> shift, (toMicros >> shift) + 1);
        }
    }

    /** Who notices that the machine was suspended. */
    enum Counting {
        BOTH,
        WALL_ONLY
    }

    long wallMicros(Tasks world) {
        return world.wallMicros() + aheadMicros;
    }

    long elapsedNanos(long nowNanos) {
        return nowNanos + setForwardNanos;
    }

    /** Returns what the monotonic clock shows. */
    long monotonicNanos(long nowNanos) {
        return nowNanos - skippedNanos;
    }

    /** The monotonic clock stands still for a while that has just begun. */
    void skip(long nanos) {
        skippedNanos += nanos;
    }

    /** Sets the wall clock. */
    void set(SplittableRandom draws) {
        long before = aheadMicros;
        aheadMicros = range.draw(draws);
        setForwardNanos += Math.max(0, aheadMicros - before) * 1000;
    }
}
