package io.slicekeep.task;

import io.slicekeep.error.UnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Tasks on an executor; finished ones queue up for their one waiter. */
final class ExecutorTaskGroup<T> implements TaskGroup<T> {
    private static final Logger LOG = System.getLogger(ExecutorTaskGroup.class.getName());

    /** How long a waiter leaves all its tasks without a thread before it lends its own. */
    private static final long STARVED_NANOS = Duration.ofMillis(50).toNanos();

    private final IntFunction<Lane> lanes;
    private final BlockingQueue<Attempt> finished = new LinkedBlockingQueue<>();
    private final Queue<Attempt> unfinished = new ArrayDeque<>();
    private volatile boolean dropped;
    private int underWay;

    ExecutorTaskGroup(IntFunction<Lane> lanes) {
        this.lanes = lanes;
    }

    @Override
    public void fork(int site, int index, Work<? extends T> work) {
        Attempt attempt = begin(site, index, work);
        if (!attempt.lane.submit(attempt)) {
            attempt.setException(new UnavailableException("too many earlier calls have not returned"));
        }
    }

    @Override
    public void forkRelease(int site, Work<? extends T> work) {
        Attempt attempt = begin(site, site, work);
        attempt.lane.insist(attempt);
    }

    private Attempt begin(int site, int index, Work<? extends T> work) {
        if (dropped) {
            throw new IllegalStateException("closed");
        }
        Attempt attempt = new Attempt(lanes.apply(site), index, work);
        unfinished.add(attempt);
        underWay++;
        return attempt;
    }

    @Override
    public @Nullable Outcome<T> next(Deadline deadline) throws InterruptedIOException {
        Attempt attempt = underWay == 0 ? null : await(deadline);
        if (attempt == null) {
            return null;
        }
        underWay--;
        unfinished.remove(attempt);
        return attempt.outcome();
    }

    @Override
    public int underWay() {
        return underWay;
    }

    @Override
    public void abandon() {
        dropped = true;
        finished.forEach(Attempt::logDefect);
        unfinished.clear();
        finished.clear();
        underWay = 0;
    }

    @Override
    public void close() {
        dropped = true;
        for (Attempt attempt : unfinished) {
            attempt.cancel(true);
            attempt.lane.withdraw(attempt);
        }
        abandon();
    }

    private @Nullable Attempt await(Deadline deadline) throws InterruptedIOException {
        long patienceNanos = STARVED_NANOS;
        try {
            while (true) {
                long leftNanos = deadline.remainingNanos();
                Attempt attempt = finished.poll(Math.min(leftNanos, patienceNanos), TimeUnit.NANOSECONDS);
                if (attempt != null || leftNanos == 0) {
                    return attempt;
                }
                if (leftNanos > patienceNanos) {
                    runOneIfStarved();
                }
                patienceNanos = Math.min(2 * patienceNanos, ExecutorTasks.LONGEST_WAIT_NANOS);
            }
        } catch (InterruptedException e) {
            throw ExecutorTasks.interrupted(e);
        }
    }

    /**
     * Runs a task here if none of the group has a thread: all threads may be waiting, like this one. Never one of a site
     * whose share of threads is taken: those may have been hanging for long, and this one would join them.
     */
    private void runOneIfStarved() {
        if (unfinished.stream().noneMatch(attempt -> attempt.started)) {
            unfinished.stream()
                    .filter(attempt -> !attempt.lane.isBusy())
                    .findFirst()
                    .ifPresent(attempt -> attempt.lane.run(attempt));
        }
    }

    /** One task. Its thread, or the waiter, runs it; whoever comes second finds it taken. */
    private final class Attempt extends FutureTask<T> {
        private final Lane lane;
        private final int index;
        private volatile boolean started;

        Attempt(Lane lane, int index, Work<? extends T> work) {
            super(work::run);
            this.lane = lane;
            this.index = index;
        }

        @Override
        public void run() {
            started = true;
            super.run();
        }

        @Override
        protected void setException(Throwable failure) {
            super.setException(failure);
        }

        @Override
        protected void done() {
            if (!dropped) {
                finished.add(this);
            } else {
                logDefect();
            }
        }

        Outcome<T> outcome() {
            try {
                return new Outcome<>(index, get(), null);
            } catch (ExecutionException e) {
                return new Outcome<>(index, null, expected(e.getCause()));
            } catch (InterruptedException e) {
                throw new AssertionError("a finished task does not wait", e);
            }
        }

        private void logDefect() {
            try {
                if (!isCancelled()) {
                    outcome();
                }
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, "dropped task " + index + " failed", e);
            }
        }

        private IOException expected(@Nullable Throwable failure) {
            if (failure instanceof IOException e) {
                return e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            throw new IllegalStateException("a task may throw IOException only", failure);
        }
    }
}
