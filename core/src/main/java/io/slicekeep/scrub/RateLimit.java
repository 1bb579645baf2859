package io.slicekeep.scrub;

import io.slicekeep.dispersal.Dispersal.Meter;
import io.slicekeep.task.Tasks;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Lets only so many bytes pass per second, whoever asks; counts them. Thread-safe. */
final class RateLimit implements Meter {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Nobody waits longer at a time, so that who watches can see that somebody waits. */
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    private final Tasks tasks;
    private final long bytesPerSecond;

    // Under this object's lock.
    private long freeAtNanos;
    private long bytes;
    private long steps;

    /** No limit if {@code bytesPerSecond} is 0. */
    RateLimit(Tasks tasks, long bytesPerSecond) {
        this.tasks = tasks;
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public void reads(long count) throws InterruptedIOException {
        long turn = reserve(count);
        for (long left = turn - tasks.elapsedNanos(); left > 0; left = turn - tasks.elapsedNanos()) {
            tasks.pause(Duration.ofNanos(Math.min(left, LONGEST_PAUSE_NANOS)));
            step();
        }
    }

    /** Returns how much has passed. */
    synchronized long bytes() {
        return bytes;
    }

    /** Returns a number that changes whenever somebody gets on, or waits for his turn. */
    synchronized long steps() {
        return steps;
    }

    private synchronized void step() {
        steps++;
    }

    private synchronized long reserve(long count) {
        bytes += count;
        steps++;
        if (bytesPerSecond == 0) {
            return 0;
        }
        long turn = Math.max(tasks.elapsedNanos(), freeAtNanos);
        freeAtNanos = turn + (long) (count * NANOS_PER_SECOND / bytesPerSecond);
        return turn;
    }
}
