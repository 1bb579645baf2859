package io.slicekeep.cli.tree;

import java.io.InterruptedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A few threads for whole files. Submitting waits while all are busy, so that nothing piles up. */
final class WorkPool implements AutoCloseable {
    private static final int CLOSE_SECONDS = 10;

    private final ExecutorService threads;
    private final Semaphore free;
    private final int jobs;

    WorkPool(int jobs) {
        this.jobs = jobs;
        this.free = new Semaphore(jobs);
        this.threads = Executors.newFixedThreadPool(jobs, work -> {
            Thread thread = new Thread(work, "file");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs work that reports its own failures. */
    void submit(Runnable work) throws InterruptedIOException {
        acquire(1);
        threads.execute(() -> {
            try {
                work.run();
            } finally {
                free.release();
            }
        });
    }

    /** Waits until everything submitted has run. */
    void await() throws InterruptedIOException {
        acquire(jobs);
        free.release(jobs);
    }

    private void acquire(int permits) throws InterruptedIOException {
        try {
            free.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /** Interrupts what runs, and gives it a while to clean up. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
