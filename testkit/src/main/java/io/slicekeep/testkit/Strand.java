package io.slicekeep.testkit;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of a simulation, which stands still unless it holds the turn. All fields belong to the holder of the turn. */
final class Strand {
    /** Longer than any honest step between two hand-overs takes. */
    private static final long STUCK_SECONDS = 60;

    static final BooleanSupplier NOW = () -> true;

    private final Semaphore turn = new Semaphore(0);
    private final int number;
    private final Runnable work;
    private @Nullable Thread thread;
    private BooleanSupplier ready = NOW;
    private long wakeNanos = Long.MAX_VALUE;
    private boolean interrupted;

    Strand(int number, Runnable work) {
        this.number = number;
        this.work = work;
    }

    void run() {
        work.run();
    }

    int number() {
        return number;
    }

    /** Makes the current thread its own; an interrupt of the task that had it before is none of this one. */
    void bindToCurrentThread() {
        Thread.interrupted();
        thread = Thread.currentThread();
    }

    boolean isCurrentThread() {
        return Thread.currentThread().equals(thread);
    }

    boolean started() {
        return thread != null;
    }

    /** Interrupts its thread as soon as it has the turn: the simulated world must not depend on when threads notice. */
    void interrupt() {
        interrupted = true;
    }

    /** Says what this strand, the current one, waits for before it gives the turn away. */
    void waitFor(BooleanSupplier condition, long untilNanos) {
        ready = condition;
        wakeNanos = untilNanos;
        interrupted = Thread.currentThread().isInterrupted();
    }

    /** Lets it proceed whatever it waits for. */
    void wake() {
        ready = NOW;
    }

    boolean canProceed(long nowNanos) {
        return interrupted || wakeNanos <= nowNanos || ready.getAsBoolean();
    }

    long wakeNanos() {
        return wakeNanos;
    }

    void giveTurn() {
        turn.release();
    }

    /** Waits for the turn. An interrupt does not end the wait, it is there when the turn comes. */
    void awaitTurn(Progress progress) {
        boolean interruptedMeanwhile = false;
        long before = progress.steps();
        while (true) {
            try {
                if (turn.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interruptedMeanwhile = true;
                continue;
            }
            long now = progress.steps();
            if (now == before) {
                throw new AssertionError("no hand-over for " + STUCK_SECONDS
                        + " s: a task waits outside of the simulation, or calls a store while it holds a lock");
            }
            before = now;
        }
        if (interrupted || interruptedMeanwhile) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells whether anything happens at all. */
    @FunctionalInterface
    interface Progress {
        long steps();
    }
}
