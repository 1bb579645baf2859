package io.slicekeep.task;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The production {@link Tasks}: real time, and an {@link Executor} to run on. Thread-safe.
 *
 * <p>Work that the executor rejects is run by the caller, and a waiter none of whose tasks gets a thread runs one itself.
 * So a small executor, even one whose threads all wait here, makes things slower and never stops them. No site gets more than
 * its share of the threads, so one whose calls never return, as on a mount that is gone, does not stop the others.
 */
public final class ExecutorTasks implements Tasks, AutoCloseable {
    /** The most threads of a pool made by {@link #create()}: they mostly wait for stores, and idle ones end. */
    private static final int DEFAULT_THREADS = 64;

    /** How many tasks may queue for each thread before callers have to run them. */
    private static final int QUEUED_PER_THREAD = 16;

    /** Sites have at most 255 indexes. Keeps that use the same tasks share the lane of an index. */
    private static final int LANES = 256;

    /** How many sites it takes, all of whose calls hang, to leave a pool without threads. */
    private static final int SITES_THAT_MAY_HANG = 4;

    /** The most tasks of one site at a time on an executor of unknown size. */
    private static final int SHARE_OF_ANY = 256;

    private static final Duration IDLE = Duration.ofSeconds(10);

    /** How long {@link #close()} lets abandoned work finish. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How long {@link #close()} then waits for what was interrupted. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(1);

    /** The longest single wait: timed waits of the JDK do not count suspension, so deadlines are looked at this often. */
    static final long LONGEST_WAIT_NANOS = Duration.ofMillis(500).toNanos();

    private final List<Lane> lanes;
    private final @Nullable ExecutorService owned;
    private final ElapsedClock clock = new ElapsedClock(System::nanoTime, ExecutorTasks::wallNanos);
    private volatile boolean closed;

    private ExecutorTasks(Executor executor, int share, @Nullable ExecutorService owned) {
        this.lanes =
                Stream.generate(() -> new Lane(executor, share)).limit(LANES).toList();
        this.owned = owned;
    }

    /**
     * Runs tasks on an executor that somebody else closes. One thread per task (virtual threads) suits well; a pool
     * should have at least as many threads as sites.
     *
     * @param executor where to run
     * @return tasks; closing them does not close the executor
     */
    public static ExecutorTasks on(Executor executor) {
        return new ExecutorTasks(executor, SHARE_OF_ANY, null);
    }

    /**
     * Runs tasks on a pool of its own with up to 64 daemon threads.
     *
     * @return tasks, to be closed by the caller
     */
    public static ExecutorTasks create() {
        return create(DEFAULT_THREADS);
    }

    /**
     * Runs tasks on a pool of its own.
     *
     * @param maxThreads the most daemon threads, at least 1
     * @return tasks, to be closed by the caller
     */
    public static ExecutorTasks create(int maxThreads) {
        if (maxThreads < 1) {
            throw new IllegalArgumentException("maxThreads must be >= 1: maxThreads=" + maxThreads);
        }
        ExecutorService pool = daemonPool(maxThreads);
        return new ExecutorTasks(pool, Math.max(1, maxThreads / SITES_THAT_MAY_HANG), pool);
    }

    @Override
    public long elapsedNanos() {
        return clock.elapsedNanos();
    }

    @Override
    public long monotonicNanos() {
        return clock.monotonicNanos();
    }

    @Override
    public long wallMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    @Override
    public void pause(Duration duration) throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(TimeUnit.NANOSECONDS.convert(duration));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public <T> TaskGroup<T> group() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        return new ExecutorTaskGroup<>(site -> lanes.get(Math.floorMod(site, LANES)));
    }

    /**
     * Ends the pool, if it is its own: abandoned work may finish for up to five seconds, or until the caller is
     * interrupted. Then it is interrupted and waited for for one more second. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        if (owned == null) {
            return;
        }
        owned.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        try {
            ended = owned.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (!ended) {
            owned.shutdownNow();
            try {
                owned.awaitTermination(LAST_GRACE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps the interrupt flag and says it in the words of channels and streams. */
    static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException e = new InterruptedIOException("interrupted while waiting");
        e.initCause(cause);
        return e;
    }

    private static long wallNanos() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }

    private static ExecutorService daemonPool(int maxThreads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                maxThreads,
                maxThreads,
                IDLE.toNanos(),
                TimeUnit.NANOSECONDS,
                new ArrayBlockingQueue<>(Math.multiplyExact(maxThreads, QUEUED_PER_THREAD)),
                work -> {
                    Thread thread = new Thread(work, "slicekeep-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
