package io.slicekeep.task;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way of one site's tasks to the executor. Only so many are with the executor at a time, the others wait here, where they
 * cost no thread: a site whose calls never return takes its own share of the threads and no more. Thread-safe.
 */
final class Lane {
    /** How many tasks may wait: each holds memory, and behind a site that hangs they would pile up. */
    private static final int MOST_WAITING = 256;

    private final Executor executor;
    private final int share;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger running = new AtomicInteger();
    private int admitted;

    Lane(Executor executor, int share) {
        this.executor = executor;
        this.share = share;
    }

    /** Runs work when its turn has come, or on this thread if the executor rejects it; false if too much waits already. */
    boolean submit(Runnable work) {
        return submit(work, MOST_WAITING);
    }

    /** Runs work as {@link #submit} does, however much waits already. */
    void insist(Runnable work) {
        submit(work, Integer.MAX_VALUE);
    }

    private boolean submit(Runnable work, int mostWaiting) {
        synchronized (this) {
            if (admitted == share) {
                return waiting.size() < mostWaiting && waiting.add(work);
            }
            admitted++;
        }
        execute(work);
        return true;
    }

    /** Forgets work that still waits. */
    synchronized void withdraw(Runnable work) {
        waiting.remove(work);
    }

    /** Tells whether as much is running as should. */
    boolean isBusy() {
        return running.get() >= share;
    }

    /** Runs work on this thread, whether or not it is its turn. */
    void run(Runnable work) {
        running.incrementAndGet();
        try {
            work.run();
        } finally {
            running.decrementAndGet();
        }
    }

    private void execute(Runnable work) {
        Runnable turn = () -> {
            try {
                run(work);
            } finally {
                next();
            }
        };
        try {
            executor.execute(turn);
        } catch (RejectedExecutionException e) {
            turn.run();
        }
    }

    private void next() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                admitted--;
                return;
            }
        }
        execute(next);
    }
}
