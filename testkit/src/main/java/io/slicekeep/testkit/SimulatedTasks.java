package io.slicekeep.testkit;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic world in one process: every task has a thread of its own, but exactly one proceeds at a time. The turn
 * changes hands only where a task waits and where it calls a store of this world ({@link #store}), and the seed draws who is
 * next. Time is virtual: a store call takes a little, and when all wait it jumps to the next deadline. So a seed decides the
 * whole run, and a failing one can be run again.
 *
 * <pre>{@code
 * SimulatedTasks.forEachSeed(1000, tasks -> {
 *     BlobStore store = tasks.store("a", new MemoryStore());
 *     try (TaskGroup<Boolean> clients = tasks.group()) {
 *         clients.fork(0, () -> put(store, tasks));
 *         clients.fork(1, () -> put(store, tasks));
 *         ...
 *     }
 * });
 * }</pre>
 *
 * <p>Confined to the thread that created it and the tasks forked from there. Tasks may fork and await others here, unlike in
 * production, so that clients can be tasks. Code under test must not wait by other means, nor call a store while it holds a
 * lock; the simulation fails if nothing moves for a minute.
 */
public final class SimulatedTasks implements Tasks, AutoCloseable {
    private static final long START_MICROS = 1_800_000_000_000_000L;
    private static final long LONGEST_STEP_NANOS = 1_000_000;
    private static final int TRACE_TAIL = 50;

    private final SplittableRandom draws;
    private final RandomSource random;
    private final List<Strand> strands = new ArrayList<>();
    private final List<Strand> able = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final Strand root;
    private Strand running;
    private long nowNanos;
    private int nextNumber;
    private final AtomicLong steps = new AtomicLong();
    private boolean ending;
    private boolean closed;
    private @Nullable Throwable broken;

    /** Lets the turn change hands at a call. */
    @FunctionalInterface
    public interface Stepping {
        /**
         * Comes before or after a call.
         *
         * @param label what the trace says
         * @throws IOException fails the call
         */
        void step(String label) throws IOException;
    }

    /**
     * Creates a world. The calling thread is its first task.
     *
     * @param seed decides all that happens in it
     */
    public SimulatedTasks(long seed) {
        this.draws = new SplittableRandom(seed);
        this.random = new SeededRandom(draws.nextLong());
        this.root = new Strand(nextNumber++, () -> {});
        this.running = root;
        root.bindToCurrentThread();
        strands.add(root);
    }

    /** What a seed decides. */
    @FunctionalInterface
    public interface Scenario {
        /**
         * Runs in a fresh world.
         *
         * @param tasks the world
         * @throws Exception fails the seed
         */
        void run(SimulatedTasks tasks) throws Exception;
    }

    /**
     * Runs a scenario in many worlds, seeds 0 to count - 1, or only the seed of the system property
     * {@code slicekeep.seed}. After the scenario everything abandoned runs to its end, and defects in it fail the seed too.
     *
     * @param count how many
     * @param scenario what to run
     */
    public static void forEachSeed(int count, Scenario scenario) {
        Long only = Long.getLong("slicekeep.seed");
        for (long seed = only == null ? 0 : only; only == null ? seed < count : seed == only; seed++) {
            runSeed(seed, scenario);
        }
    }

    private static void runSeed(long seed, Scenario scenario) {
        SimulatedTasks tasks = new SimulatedTasks(seed);
        try (tasks) {
            scenario.run(tasks);
            tasks.settle();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + " (run it alone with -Dslicekeep.seed=" + seed + "): " + e + "\n"
                            + tasks.traceTail(),
                    e);
        }
    }

    /**
     * Puts a store into this world: each of its calls takes a little virtual time, and the turn may change hands before it
     * and, for a commit, after it. A call by an interrupted task fails as it does in production. The store copies by itself if
     * the given one does.
     *
     * @param name what the trace calls it
     * @param store a store that does not wait by itself
     * @return a store to be used by tasks of this world only
     */
    public BlobStore store(String name, BlobStore store) {
        return store(name, store, this::step);
    }

    /**
     * Puts a store into this world as one process sees it.
     *
     * @param name what the trace calls it
     * @param store as for {@link #store(String, BlobStore)}
     * @param stepping called before each call, and after those that change something; it must call {@link #step}
     * @return a store to be used by tasks of this world only
     */
    public BlobStore store(String name, BlobStore store, Stepping stepping) {
        return store instanceof CopyingBlobStore copying
                ? new SimulatedStore.Copying(stepping, name, copying)
                : new SimulatedStore(stepping, name, store);
    }

    /**
     * Returns random bytes that the seed decides.
     *
     * @return a stream of its own, apart from that of the interleavings
     */
    public RandomSource random() {
        return random;
    }

    /**
     * Returns this world as seen by a machine whose wall clock is wrong.
     *
     * @param ahead by how much it is ahead; negative if behind
     * @return tasks of this world
     */
    public Tasks withWallClock(Duration ahead) {
        return new SkewedTasks(this, ahead.toNanos() / 1000);
    }

    /**
     * Lets the turn change hands. For test code between calls that do so anyway.
     *
     * @param label what the trace says
     * @throws InterruptedIOException if the task was interrupted; its flag stays set
     */
    public void step(String label) throws InterruptedIOException {
        requireTurn();
        trace.add(nowNanos + " " + running.number() + ": " + label);
        nowNanos += draws.nextLong(LONGEST_STEP_NANOS);
        running.waitFor(Strand.NOW, Long.MAX_VALUE);
        handOver();
        requireNotInterrupted();
    }

    /** Lets all tasks run to their end, also abandoned ones, and throws what a dropped task failed with if it is a defect. */
    public void settle() {
        requireTurn();
        if (!running.equals(root)) {
            throw new IllegalStateException("only the first task settles");
        }
        await(() -> strands.size() == 1, Long.MAX_VALUE);
        if (broken != null) {
            throw new AssertionError("a dropped task failed", broken);
        }
    }

    /**
     * Returns what happened so far: virtual time, task and call.
     *
     * @return one line per step
     */
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /**
     * Returns what a dropped task failed with that is no {@link IOException}.
     *
     * @return the first such failure, if any
     */
    public Optional<Throwable> defect() {
        return Optional.ofNullable(broken);
    }

    /**
     * Returns how many tasks have not come to their end.
     *
     * @return at least 1: the first one
     */
    public int taskCount() {
        return strands.size();
    }

    @Override
    public long elapsedNanos() {
        return nowNanos;
    }

    @Override
    public long monotonicNanos() {
        return nowNanos;
    }

    @Override
    public long wallMicros() {
        return START_MICROS + nowNanos / 1000;
    }

    @Override
    public void pause(Duration duration) throws InterruptedIOException {
        requireTurn();
        await(Strand.NEVER, deadline(duration).atNanos());
        requireNotInterrupted();
    }

    @Override
    public <T> TaskGroup<T> group() {
        requireTurn();
        return new SimulatedTaskGroup<>(this);
    }

    /** Ends all tasks where they stand. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        ending = true;
        strands.forEach(Strand::wake);
        root.waitFor(() -> strands.size() == 1, Long.MAX_VALUE);
        passTurn(root);
        closed = true;
    }

    /** Starts a task that gets a turn some time. */
    Strand spawn(Runnable work) {
        requireTurn();
        Strand strand = new Strand(nextNumber++, work);
        strands.add(strand);
        return strand;
    }

    /** Takes a task that has not had a turn yet out of the world, or interrupts it. */
    void cancel(Strand strand) {
        if (strand.started()) {
            strand.interrupt();
        } else {
            strands.remove(strand);
        }
    }

    /** Gives the turn away until the condition holds or the moment has come or the task is interrupted. */
    void await(BooleanSupplier condition, long untilNanos) {
        requireTurn();
        running.waitFor(condition, untilNanos);
        handOver();
    }

    void requireNotInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted in the simulation");
        }
    }

    /** Remembers what nobody is there to be told. */
    void report(Throwable defect) {
        if (broken == null) {
            broken = defect;
        }
    }

    /** Lives on a thread as one task after the other, as long as the next one to have its turn has not begun yet. */
    private void live(Strand first) {
        Strand strand = first;
        while (!strand.started()) {
            run(strand);
            strands.remove(strand);
            strand = chooseNext();
        }
        strand.giveTurn();
    }

    private void run(Strand strand) {
        strand.bindToCurrentThread();
        try {
            if (!ending) {
                strand.run();
            }
        } catch (Ending e) {
            // The world ended around this task.
        }
    }

    private void handOver() {
        if (!ending) {
            passTurn(running);
        }
        if (ending) {
            throw new Ending();
        }
        if (broken instanceof Stuck stuck) {
            throw stuck;
        }
    }

    private void passTurn(Strand self) {
        Strand next = chooseNext();
        if (!next.equals(self)) {
            giveTurn(next);
            awaitTurn(self);
        }
    }

    /** The first task, which somebody outside waits for, notices if nothing moves any more. */
    private void awaitTurn(Strand self) {
        if (self.equals(root)) {
            self.awaitTurn(steps::get);
        } else {
            self.awaitTurn();
        }
    }

    private void giveTurn(Strand next) {
        if (next.started()) {
            next.giveTurn();
        } else {
            StrandThreads.start(() -> live(next));
        }
    }

    /** Draws who is next; if all wait, time jumps to the first deadline. */
    private Strand chooseNext() {
        steps.incrementAndGet();
        able();
        if (able.isEmpty()) {
            long next = firstWakeNanos();
            if (next == Long.MAX_VALUE) {
                broken = new Stuck("all tasks wait for ever");
                running = root;
                return root;
            }
            nowNanos = next;
            able();
        }
        running = able.get(draws.nextInt(able.size()));
        return running;
    }

    /** Finds who can proceed. Plain loops: this is most of what a simulation does. */
    private void able() {
        able.clear();
        for (int i = 0; i < strands.size(); i++) {
            if (strands.get(i).canProceed(nowNanos)) {
                able.add(strands.get(i));
            }
        }
    }

    private long firstWakeNanos() {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < strands.size(); i++) {
            first = Math.min(first, strands.get(i).wakeNanos());
        }
        return first;
    }

    private String traceTail() {
        int from = Math.max(0, trace.size() - TRACE_TAIL);
        return String.join("\n", trace.subList(from, trace.size()));
    }

    private void requireTurn() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (!running.isCurrentThread()) {
            throw new IllegalStateException("only tasks of a simulation may use it, one at a time");
        }
    }

    /** Unwinds a task when its world ends. */
    static final class Ending extends Error {
        private static final long serialVersionUID = 1L;

        Ending() {
            super("the simulation has ended", null, false, false);
        }
    }

    /** Nobody can go on. */
    private static final class Stuck extends AssertionError {
        private static final long serialVersionUID = 1L;

        Stuck(String message) {
            super(message);
        }
    }
}
