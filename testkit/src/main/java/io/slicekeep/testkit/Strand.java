package io.slicekeep.testkit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of a simulation, which stands still unless it holds the turn. All fields belong to the holder of the turn. */
final class Strand {
    /** Longer than any honest step between two hand-overs takes. */
    private static final long STUCK_SECONDS = 60;

    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(STUCK_SECONDS);

    static final BooleanSupplier NOW = () -> true;

    /** Only time ends the wait. Compared with, and not asked: most waits are of this kind. */
    static final BooleanSupplier NEVER = () -> false;

    private final int number;
    private final Runnable work;
    private volatile @Nullable Thread thread;
    private volatile boolean turn;
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
        return interrupted || wakeNanos <= nowNanos || (ready != NEVER && ready.getAsBoolean());
    }

    long wakeNanos() {
        return wakeNanos;
    }

    void giveTurn() {
        turn = true;
        LockSupport.unpark(thread);
    }

    /** Waits for the turn. An interrupt does not end the wait, it is there when the turn comes. */
    void awaitTurn() {
        boolean interruptedMeanwhile = false;
        while (!turn) {
            LockSupport.park(this);
            interruptedMeanwhile |= Thread.interrupted();
        }
        takeTurn(interruptedMeanwhile);
    }

    /** Waits for the turn, as long as there is progress. */
    void awaitTurn(Progress progress) {
        boolean interruptedMeanwhile = false;
        long before = progress.steps();
        long sinceNanos = System.nanoTime();
        while (!turn) {
            LockSupport.parkNanos(this, STUCK_NANOS);
            interruptedMeanwhile |= Thread.interrupted();
            long now = progress.steps();
            if (now != before) {
                before = now;
                sinceNanos = System.nanoTime();
            } else if (!turn && System.nanoTime() - sinceNanos > STUCK_NANOS) {
                throw new AssertionError("no hand-over for " + STUCK_SECONDS
                        + " s: a task waits outside of the simulation, or calls a store while it holds a lock");
            }
        }
        takeTurn(interruptedMeanwhile);
    }

    private void takeTurn(boolean interruptedMeanwhile) {
        turn = false;
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
