package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link Dispersal} makes of sites that are away, die, hang or lose answers while it writes, and of writers that give up. */
public abstract class DispersalWriteFaultContract extends DispersalFaultFixture {
    /** Creates the contract. */
    protected DispersalWriteFaultContract() {}

    @Test
    void siteThatDiesAtAnyCallIsLeftOut() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 1);
        for (int site = 0; site < 6; site += 5) {
            for (int calls = 0; calls <= 6; calls++) {
                Fleet fleet = fleet(SIX);
                fleet.store(site).before(diesAfter(calls));
                Spread spread = fleet.spread();
                try (DispersedSink sink = dispersal.create(spread)) {
                    sink.write(ByteBuffer.wrap(blob));
                    sink.commit();
                    assertThat(sink.failures()).containsOnlyKeys(site);
                    assertThat(sink.failures().get(site)).hasMessage("dead");
                }
                assertThat(fleet.holds(spread, site)).isFalse();
                assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
                assertThat(dispersal.inspect(spread, blob.length)).containsOnlyKeys(site);
            }
        }
    }

    @Test
    void writeFailsAndLeavesNothingWhenFewerThanWSitesAreLeft() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 2);
        for (int first = 0; first <= 6; first++) {
            for (int second = 0; second <= 6; second++) {
                Fleet fleet = fleet(SIX);
                fleet.store(1).before(diesAfter(first));
                fleet.store(4).before(diesAfter(second));
                assertThatExceptionOfType(UnavailableException.class)
                        .isThrownBy(() -> fleet.write(dispersal, blob))
                        .withMessageContaining("only 4 sites take its slices, 5 must")
                        .withMessageContaining("b: dead")
                        .withMessageContaining("e: dead");
                assertThat(fleet.heldBlobs()).isZero();
            }
        }
    }

    @Test
    void errorsOfASinkAreSticky() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        DispersedSink sink = dispersal.create(fleet.spread());
        fleet.store(0).before(Hook.AWAY);
        fleet.store(1).before(Hook.AWAY);
        ByteBuffer src = ByteBuffer.wrap(bytes(BLOB_BYTES, 3)).position(10);
        IOException failure = failureOf(() -> sink.write(src));
        assertThat(failure).isInstanceOf(UnavailableException.class);
        assertThat(src.position()).isEqualTo(10);
        fleet.store(0).before(Hook.NONE);
        assertThatThrownBy(() -> sink.write(src)).isSameAs(failure);
        assertThatThrownBy(sink::commit).isSameAs(failure);
        sink.close();
        assertThat(fleet.heldBlobs()).isZero();
    }

    @Test
    void commitWhoseAnswerIsLostIsTakenBackWhenTheWriteFails() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        for (int i = 0; i < 2; i++) {
            fleet.store(i).after(losesAnswersTo(Call.COMMIT));
        }
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> fleet.write(dispersal, bytes(1000, 4)))
                .withMessageContaining("a: lost");
        assertThat(fleet.heldBlobs()).isZero();
    }

    @Test
    void commitWhoseAnswerIsLostCountsAsFailed() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        fleet.store(3).after(losesAnswersTo(Call.COMMIT));
        try (DispersedSink sink = dispersal.create(fleet.spread())) {
            sink.commit();
            assertThat(sink.failures()).containsOnlyKeys(3);
        }
        assertThat(fleet.heldBlobs()).isEqualTo(6);
    }

    @Test
    void keyThatIsTakenFailsThatSite() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.spread();
        fleet.replace(spread, 2, new byte[] {1});
        try (DispersedSink sink = dispersal.create(spread)) {
            sink.commit();
            assertThat(sink.failures()).containsOnlyKeys(2);
        }
        assertThat(fleet.slice(spread, 2)).containsExactly(1);
    }

    @Test
    void executorThatRejectsMakesItSlowerOnly() throws IOException {
        ExecutorTasks tasks = ExecutorTasks.on(work -> {
            throw new RejectedExecutionException("full");
        });
        Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
        byte[] blob = bytes(BLOB_BYTES, 8);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 1);
        assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
    }

    @Test
    void defectOfAStoreLeaksNothing() throws IOException {
        Dispersal dispersal = dispersal();
        for (int calls = 0; calls <= 5; calls++) {
            Fleet fleet = fleet(SIX);
            AtomicInteger left = new AtomicInteger(calls);
            fleet.store(2).before(call -> {
                if (left.getAndDecrement() <= 0) {
                    throw new IllegalStateException("defect");
                }
            });
            assertThatThrownBy(() -> fleet.write(dispersal, bytes(BLOB_BYTES, 9)))
                    .hasMessage("defect");
            assertThat(fleet.heldBlobs()).isZero();
        }
    }

    @Test
    void hangingSiteIsLeftOutAfterItsTime() {
        for (Call hanging : new Call[] {Call.CREATE, Call.WRITE}) {
            simulate(20, (tasks, fleet, dispersal) -> {
                fleet.store(3).before(hangsIn(tasks, hanging));
                byte[] blob = bytes(BLOB_BYTES, 10);
                Spread spread = fleet.spread();
                try (DispersedSink sink = dispersal.create(spread)) {
                    sink.write(ByteBuffer.wrap(blob));
                    sink.commit();
                    assertThat(sink.failures()).containsOnlyKeys(3);
                    assertThat(sink.failures().get(3)).hasMessageContaining("no answer within PT30S");
                }
                assertThat(tasks.elapsedNanos())
                        .isLessThan(Duration.ofSeconds(35).toNanos());
                tasks.settle();
                assertThat(fleet.holds(spread, 3)).isFalse();
                nothingIsLeftOpen();
                fleet.store(3).before(Hook.NONE);
                assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
            });
        }
    }

    @Test
    void commitWaitsALittleForTheSlowAndThenGoesOnBehind() {
        simulate(20, (tasks, fleet, dispersal) -> {
            for (int seconds : new int[] {5, 60}) {
                fleet.store(2).before(call -> {
                    if (call == Call.COMMIT) {
                        tasks.pause(Duration.ofSeconds(seconds));
                    }
                });
                long start = tasks.elapsedNanos();
                Spread spread = fleet.spread();
                try (DispersedSink sink = dispersal.create(spread)) {
                    sink.write(ByteBuffer.wrap(bytes(1000, 11)));
                    sink.commit();
                    assertThat(sink.failures().keySet())
                            .isEqualTo(
                                    seconds == 5
                                            ? Map.of().keySet()
                                            : Map.of(2, 0).keySet());
                }
                assertThat(tasks.elapsedNanos() - start)
                        .isLessThan(Duration.ofSeconds(11).toNanos());
                tasks.settle();
                assertThat(fleet.holds(spread, 2)).isTrue();
            }
        });
    }

    @Test
    void commitWaitsLongForWSites() {
        simulate(20, (tasks, fleet, dispersal) -> {
            for (int i = 0; i < 2; i++) {
                fleet.store(i).before(call -> tasks.pause(Duration.ofSeconds(call == Call.COMMIT ? 100 : 0)));
            }
            try (DispersedSink sink = dispersal.create(fleet.spread())) {
                sink.commit();
                assertThat(sink.failures()).isEmpty();
            }
        });
    }

    @Test
    void sitesThatHangThroughInterruptsAreCleanedUpInTheEnd() {
        for (Call hanging : new Call[] {Call.CREATE, Call.WRITE, Call.COMMIT}) {
            for (int count = 1; count <= 2; count++) {
                int sites = count;
                simulate(15, (tasks, fleet, dispersal) -> {
                    for (int i = 0; i < sites; i++) {
                        fleet.store(i).before(call -> hangOn(tasks, call == hanging ? LONG : Duration.ZERO));
                    }
                    boolean written = written(() -> fleet.write(dispersal, bytes(BLOB_BYTES, 21)));
                    tasks.settle();
                    int late = hanging == Call.COMMIT ? 6 : 5; // a commit goes on behind
                    assertThat(fleet.heldBlobs()).isEqualTo(written ? late : 0);
                    assertThat(written).isEqualTo(sites == 1);
                    nothingIsLeftOpen();
                });
            }
        }
    }

    @Test
    void commitsThatComeTooLateAreTakenBack() {
        simulate(20, (tasks, fleet, dispersal) -> {
            fleet.store(1).before(hangsIn(tasks, Call.COMMIT));
            fleet.store(4).after(hangsIn(tasks, Call.COMMIT));
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> fleet.write(dispersal, bytes(1000, 12)))
                    .withMessageContaining("only 4 sites take its slices, 5 must");
            tasks.settle();
            assertThat(fleet.heldBlobs()).isZero();
            nothingIsLeftOpen();
        });
    }

    /** Behind a site that hangs too much waits already: what it has begun is let go of when it moves again. */
    @Test
    void whatASiteHasBegunIsClosedThoughItTakesNothingMore() throws IOException {
        List<Runnable> held = new ArrayList<>();
        AtomicBoolean holding = new AtomicBoolean();
        Tasks tasks = ExecutorTasks.on(work -> {
            if (!holding.get() || !held.add(work)) {
                work.run();
            }
        });
        Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.spread();
        try (DispersedSink sink = dispersal.create(spread)) {
            holding.set(true);
            try (TaskGroup<Boolean> hanging = tasks.group()) {
                for (int i = 0; i < 2000; i++) {
                    hanging.fork(3, () -> true);
                }
                hanging.abandon();
            }
            holding.set(false);
            sink.write(ByteBuffer.wrap(bytes(BLOB_BYTES, 21)));
            sink.commit();
            assertThat(sink.failures()).containsOnlyKeys(3);
        }
        assertThat(fleet.leftOpen()).isEqualTo(1);
        held.forEach(Runnable::run);
        nothingIsLeftOpen();
    }

    @Test
    void interruptedWriterLeavesNothing() {
        simulate(150, (tasks, fleet, dispersal) -> {
            Spread[] written = new Spread[1];
            interruptSometime(tasks, () -> written[0] = fleet.write(dispersal, bytes(BLOB_BYTES, 16)));
            tasks.settle();
            nothingIsLeftOpen();
            assertThat(fleet.heldBlobs()).isIn(written[0] == null ? new Object[] {0} : new Object[] {5, 6});
        });
    }

    @Test
    void anyMixOfFaultsEndsWholeOrNotAtAll() {
        simulate(300, (tasks, fleet, dispersal) -> {
            Random random = new Random(tasks.random().bytes(1)[0]);
            for (int i = 0; i < 6; i++) {
                fleet.store(i).before(anyFault(tasks, random));
            }
            byte[] blob = bytes(random.nextInt(BLOB_BYTES), 20);
            Spread spread = fleet.spread();
            Map<Integer, IOException> failures = writeUnderFaults(dispersal, spread, blob);
            assertThat(tasks.elapsedNanos()).isLessThan(Duration.ofMinutes(15).toNanos());
            tasks.settle();
            nothingIsLeftOpen();
            for (int i = 0; i < 6; i++) {
                fleet.store(i).before(Hook.NONE);
            }
            if (failures.size() < 6) {
                byte[][] expected = DispersalContract.reference(spread).of(blob);
                for (int i = 0; i < 6; i++) {
                    assertThat(failures.containsKey(i) || Arrays.equals(fleet.slice(spread, i), expected[i]))
                            .isTrue();
                }
                assertThat(failures.size()).isLessThanOrEqualTo(1);
                assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
            }
        });
    }

    /** Returns which sites failed; all of them if the write did. */
    private static Map<Integer, IOException> writeUnderFaults(Dispersal dispersal, Spread spread, byte[] blob) {
        try (DispersedSink sink = dispersal.create(spread)) {
            sink.write(ByteBuffer.wrap(blob));
            sink.commit();
            return sink.failures();
        } catch (IOException e) {
            assertThat(e).isInstanceOf(UnavailableException.class);
            return Map.of(0, e, 1, e, 2, e, 3, e, 4, e, 5, e);
        }
    }

    private static Hook anyFault(SimulatedTasks tasks, Random random) {
        int calls = random.nextInt(8);
        AtomicInteger left = new AtomicInteger(calls);
        return switch (random.nextInt(8)) {
            case 0 -> diesAfter(calls);
            case 1 ->
                call -> {
                    if (left.getAndDecrement() == 0) {
                        tasks.pause(LONG);
                    }
                };
            case 2 -> call -> tasks.pause(Duration.ofSeconds(random.nextInt(10)));
            default -> Hook.NONE;
        };
    }

    private static Hook losesAnswersTo(Call lost) {
        return call -> {
            if (call == lost) {
                throw new OutcomeUnknownException("lost");
            }
        };
    }

    /** Does not let itself be interrupted, as a mount that is gone does not. */
    private static void hangOn(SimulatedTasks tasks, Duration duration) {
        long end = tasks.elapsedNanos() + duration.toNanos();
        while (tasks.elapsedNanos() < end) {
            try {
                tasks.pause(Duration.ofNanos(end - tasks.elapsedNanos()));
            } catch (InterruptedIOException e) {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    private static boolean written(Client client) throws IOException {
        try {
            client.run();
            return true;
        } catch (UnavailableException e) {
            return false;
        }
    }

    private static IOException failureOf(Client client) {
        try {
            client.run();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("did not fail");
    }
}
