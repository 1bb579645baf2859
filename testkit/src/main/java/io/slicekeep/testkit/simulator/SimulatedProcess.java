package io.slicekeep.testkit.simulator;

import io.slicekeep.object.Facilities;
import io.slicekeep.record.Means;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Grace;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.SeededRandom;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One process: its clocks, its wires to the sites, and its end. It may stop at any call, for ever, and the code in it then
 * does nothing more, not even what it would do while unwinding. Confined to one thread at a time.
 */
final class SimulatedProcess implements Tasks {
    private static final Duration FOR_EVER = Duration.ofDays(100_000);
    private static final long LONGEST_SUSPENSION_NANOS = 7_200_000_000_000L;
    private static final int SHORTER_SUSPENSIONS = 20;

    private final Run run;
    private final int number;
    private final boolean hasKeys;
    private final Map<SimulatedSite, Wire> wires = new HashMap<>();
    private final Means means;
    private final Facilities facilities;
    private final Map<String, Long> listedAtNanos = new HashMap<>();
    private Runnable successor = () -> {};
    private final Clock clock;
    private long suspendedUntilNanos;
    private int lifetime = Integer.MAX_VALUE;
    private int calls;
    private int uploads;
    private int open;
    private int sleepers;
    private boolean stopped;

    SimulatedProcess(Run run, int number, Clock clock, boolean hasKeys) {
        this.run = run;
        this.number = number;
        this.clock = clock;
        this.hasKeys = hasKeys;
        RandomSource random = new SeededRandom(draws(0).nextLong());
        this.means = new Means(this, random, Run.TIMING);
        this.facilities = new Facilities(run.newDispersal(this), this, random, Run.TIMING);
    }

    /** Returns its way to a site. */
    Wire wire(SimulatedSite site) {
        return wires.computeIfAbsent(
                site, to -> run.sitesCopy() ? new Wire.Copying(run, this, to) : new Wire(run, this, to));
    }

    boolean hasKeys() {
        return hasKeys;
    }

    Means means() {
        return means;
    }

    Facilities facilities() {
        return facilities;
    }

    /** Lets it stop at its n-th call, and something else begin then. */
    void stopAtCall(int call, Runnable next) {
        lifetime = call;
        successor = next;
    }

    boolean isStopped() {
        return stopped;
    }

    Clock clock() {
        return clock;
    }

    /** Lets its machine stand still for up to two hours, mostly far less; what it has sent goes on. */
    void suspend(SplittableRandom draws) {
        long nanos = 1 + draws.nextLong(LONGEST_SUSPENSION_NANOS >> draws.nextInt(SHORTER_SUSPENSIONS));
        suspend(nanos, draws.nextBoolean() ? Clock.Counting.BOTH : Clock.Counting.WALL_ONLY);
    }

    private void suspend(long forNanos, Clock.Counting counting) {
        long before = Math.max(suspendedUntilNanos, run.nowNanos());
        suspendedUntilNanos = run.nowNanos() + forNanos;
        if (counting == Clock.Counting.WALL_ONLY && suspendedUntilNanos > before) {
            clock.skip(suspendedUntilNanos - before);
        }
    }

    /** Lets its machine go on. */
    void resume() {
        suspendedUntilNanos = 0;
    }

    /** Returns how many of its tasks sleep for ever, since it stopped. */
    int sleepers() {
        return sleepers;
    }

    /** Returns a name for what it sends as one blob. */
    String newUpload() {
        return number + "-" + ++uploads;
    }

    int nextCall() {
        return ++calls;
    }

    int calls() {
        return calls;
    }

    Piece piece(int call) {
        return new Piece(Piece.Kind.FAULT, number, call);
    }

    /** Returns the draws of one call, the same whatever else happens. */
    SplittableRandom draws(int call) {
        return new SplittableRandom(run.seed() * 0x9E3779B97F4A7C15L + ((long) number << 32) + call);
    }

    /** Remembers when it last listed the keys of a name. */
    void listing(String prefix) {
        listedAtNanos.put(prefix, run.nowNanos());
    }

    /** Returns when it last listed the name of a record. */
    long listedAtNanos(String key) {
        return listedAtNanos.getOrDefault(key.substring(0, key.indexOf('!') + 1), run.nowNanos());
    }

    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    int leftOpen() {
        return open;
    }

    /** Passes only while the process lives and its machine runs. */
    void enter() throws InterruptedIOException {
        if (calls >= lifetime && !stopped && run.happening(FaultKind.STOPPED, piece(-1)) != null) {
            stopped = true;
            run.note(number, () -> this + " stops");
            successor.run();
        }
        while (stopped || run.hasFailed()) {
            sleepForEver();
        }
        if (run.nowNanos() < suspendedUntilNanos) {
            run.tasks().pause(Duration.ofNanos(suspendedUntilNanos - run.nowNanos()));
        }
    }

    private void sleepForEver() {
        sleepers++;
        try {
            run.tasks().pause(FOR_EVER);
        } catch (InterruptedIOException e) {
            // Nobody wakes it: the interrupt is dropped, and it sleeps on.
            Thread.interrupted();
        } finally {
            sleepers--;
        }
    }

    @Override
    public long elapsedNanos() {
        return clock.elapsedNanos(run.nowNanos());
    }

    @Override
    public long monotonicNanos() {
        return clock.monotonicNanos(run.nowNanos());
    }

    @Override
    public long wallMicros() {
        return clock.wallMicros(run.tasks());
    }

    @Override
    public void pause(Duration duration) throws InterruptedIOException {
        Grace grace = grace(duration);
        while (!grace.isOver()) {
            run.tasks().pause(grace.remaining());
        }
    }

    @Override
    public <T> TaskGroup<T> group() {
        return new SkewedGroup<>(run.tasks().group(), run.tasks());
    }

    /** Its deadlines are those of a clock that may have been set. */
    private record SkewedGroup<T>(TaskGroup<T> group, Tasks world) implements TaskGroup<T> {
        @Override
        public void fork(int site, int index, Work<? extends T> work) {
            group.fork(site, index, work);
        }

        @Override
        public @Nullable Outcome<T> next(Deadline deadline) throws InterruptedIOException {
            return group.next(world.deadline(Duration.ofNanos(deadline.remainingNanos())));
        }

        @Override
        public int underWay() {
            return group.underWay();
        }

        @Override
        public void abandon() {
            group.abandon();
        }

        @Override
        public void close() {
            group.close();
        }
    }

    @Override
    public String toString() {
        return "process " + number;
    }
}
