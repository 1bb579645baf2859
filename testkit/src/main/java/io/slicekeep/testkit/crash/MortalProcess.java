package io.slicekeep.testkit.crash;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * A process that stops at a given store call: its code does nothing more from then on, not even what it would do while
 * unwinding. Confined to one simulation.
 */
final class MortalProcess {
    static final int IMMORTAL = Integer.MAX_VALUE;

    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    private final SimulatedTasks tasks;
    private final int lifetimeCalls;
    private int calls;

    /** Creates a process that makes so many calls and stops at the next one. */
    MortalProcess(SimulatedTasks tasks, int lifetimeCalls) {
        this.tasks = tasks;
        this.lifetimeCalls = lifetimeCalls;
    }

    BlobStore over(String name, MemoryStore store) {
        return MortalStore.of(this, tasks, name, store);
    }

    int calls() {
        return calls;
    }

    boolean isStopped() {
        return calls > lifetimeCalls;
    }

    /** Passes the turn on, and passes itself only while the process lives. */
    void call(String label) throws IOException {
        tasks.step(label);
        calls++;
        while (isStopped()) {
            sleepForEver();
        }
    }

    private void sleepForEver() {
        try {
            tasks.pause(FOR_EVER);
        } catch (InterruptedIOException e) {
            // Nobody wakes it: the interrupt is dropped, and it sleeps on.
            Thread.interrupted();
        }
    }
}
