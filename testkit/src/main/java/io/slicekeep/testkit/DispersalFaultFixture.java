package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What the contracts of a dispersal under faults share. */
abstract class DispersalFaultFixture extends DispersalFixture {
    static final int BLOB_BYTES = 2_500_000;

    /** Longer than any patience. */
    static final Duration LONG = Duration.ofHours(1);

    DispersalFaultFixture() {}

    /** What happens in a simulation. */
    @FunctionalInterface
    interface Trial {
        void run(SimulatedTasks tasks, Fleet fleet, Dispersal dispersal) throws IOException;
    }

    /** Tries something with six simulated sites; in the end nothing may be left open. */
    final void simulate(int seeds, Trial trial) {
        simulate(seeds, Patience.DEFAULT, trial);
    }

    final void simulate(int seeds, Patience patience, Trial trial) {
        SimulatedTasks.forEachSeed(seeds, tasks -> {
            AtomicInteger number = new AtomicInteger();
            Fleet fleet = fleet(SIX, store -> tasks.store(Fleet.name(number.getAndIncrement()), store));
            trial.run(tasks, fleet, dispersal(tasks, patience));
            tasks.settle();
            nothingIsLeftOpen();
        });
    }

    static Hook diesAfter(int calls) {
        AtomicInteger left = new AtomicInteger(calls);
        return call -> {
            if (left.getAndDecrement() <= 0) {
                throw new UnavailableException("dead");
            }
        };
    }

    static Hook hangsIn(SimulatedTasks tasks, Call hanging) {
        return call -> {
            if (call == hanging) {
                tasks.pause(LONG);
            }
        };
    }

    /** Runs a client and interrupts it after a while that the seed draws. */
    static void interruptSometime(SimulatedTasks tasks, Client client) throws IOException {
        try (TaskGroup<Boolean> clients = tasks.group()) {
            clients.fork(0, () -> {
                try {
                    client.run();
                } catch (IOException e) {
                    assertThat(e).isInstanceOf(InterruptedIOException.class);
                    assertThat(Thread.interrupted()).isTrue();
                }
                return true;
            });
            int draw = ByteBuffer.wrap(tasks.random().bytes(4)).getInt() & 0xffff;
            tasks.pause(Duration.ofNanos(draw * 1000L));
        }
    }

    /** What somebody does with blobs. */
    @FunctionalInterface
    interface Client {
        void run() throws IOException;
    }
}
