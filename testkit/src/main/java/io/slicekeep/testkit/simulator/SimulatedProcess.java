package io.slicekeep.testkit.simulator;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One process: its clocks, its wires to the sites, and its end. It may stop at any call, for ever, and the code in it then
 * does nothing more, not even what it would do while unwinding. Confined to one thread at a time.
 */
final class SimulatedProcess implements Tasks {
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    private final Run run;
    private final int number;
    private final List<BlobStore> stores;
    private final Map<String, Long> listedAtNanos = new HashMap<>();
    private Runnable successor = () -> {};
    private long wallAheadMicros;
    private long suspendedUntilNanos;
    private int lifetime = Integer.MAX_VALUE;
    private int calls;
    private int open;
    private boolean stopped;

    SimulatedProcess(Run run, int number, long wallAheadMicros) {
        this.run = run;
        this.number = number;
        this.wallAheadMicros = wallAheadMicros;
        this.stores = run.sites().stream()
                .map(site -> run.sitesCopy() ? new Wire.Copying(run, this, site) : new Wire(run, this, site))
                .map(BlobStore.class::cast)
                .toList();
    }

    List<BlobStore> stores() {
        return stores;
    }

    /** Lets it stop at its n-th call, and something else begin then. */
    void stopAtCall(int call, Runnable next) {
        lifetime = call;
        successor = next;
    }

    boolean isStopped() {
        return stopped;
    }

    void suspend(long untilNanos) {
        suspendedUntilNanos = untilNanos;
    }

    void setClock(long byMicros) {
        wallAheadMicros += byMicros;
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
        try {
            run.tasks().pause(FOR_EVER);
        } catch (InterruptedIOException e) {
            // Nobody wakes it: the interrupt is dropped, and it sleeps on.
            Thread.interrupted();
        }
    }

    @Override
    public long elapsedNanos() {
        return run.nowNanos();
    }

    @Override
    public long wallMicros() {
        return run.tasks().wallMicros() + wallAheadMicros;
    }

    @Override
    public void pause(Duration duration) throws InterruptedIOException {
        run.tasks().pause(duration);
    }

    @Override
    public <T> TaskGroup<T> group() {
        return run.tasks().group();
    }

    @Override
    public String toString() {
        return "process " + number;
    }
}
