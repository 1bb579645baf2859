package io.slicekeep.task;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks under way together, typically one call per site, whose outcomes come back in the order of completion. This is how
 * "the first k of n", a quorum and a hedged read are written: fork, take outcomes until there are enough, close.
 * Confined to one thread at a time. Forked work must be a leaf: it must not itself wait for other tasks.
 *
 * @param <T> what a task returns
 */
public interface TaskGroup<T> extends AutoCloseable {
    /**
     * What a task does. A failure that callers expect is an {@link IOException} and becomes an outcome; a runtime
     * exception or an error is a defect and is thrown by {@link #next}.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    interface Work<T> {
        /**
         * Does the work.
         *
         * @return its value
         * @throws IOException if it fails
         */
        T run() throws IOException;
    }

    /**
     * Starts a task. One that would have to wait behind too many others of its site fails with
     * {@link io.slicekeep.error.UnavailableException}.
     *
     * @param site the index of the site that it calls: tasks of one site may have to wait for each other, others not
     * @param index comes back in the outcome
     * @param work runs on another thread, or on this one when no other is to be had
     */
    void fork(int site, int index, Work<? extends T> work);

    /**
     * Starts a task whose outcome comes back with its site's index.
     *
     * @param site the index of the site that it calls
     * @param work as for {@link #fork(int, int, Work)}
     */
    default void fork(int site, Work<? extends T> work) {
        fork(site, site, work);
    }

    /**
     * Starts a task that lets go of what an earlier one took, such as an open sink. As {@link #fork(int, Work)}, but however many
     * wait already it is not refused: of these tasks there are no more than of what is to be let go of.
     *
     * @param site the index of the site that it calls
     * @param work as for {@link #fork(int, int, Work)}
     */
    default void forkRelease(int site, Work<? extends T> work) {
        fork(site, work);
    }

    /**
     * Returns the next outcome, waiting for it. A runtime exception or error of a task is thrown here instead, and
     * counts as its outcome.
     *
     * @param deadline until when to wait
     * @return an outcome that was not returned before; null if nothing is under way or the deadline passed
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    @Nullable
    Outcome<T> next(Deadline deadline) throws InterruptedIOException;

    /**
     * Returns how many tasks were forked whose outcome was not yet returned.
     *
     * @return at least 0
     */
    int underWay();

    /** Lets go of what is under way without stopping it: it goes on behind, and its outcomes are dropped. */
    void abandon();

    /** Interrupts what is under way and drops its outcomes, without waiting for it. Idempotent. */
    @Override
    void close();
}
