package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link Dispersal} makes of sites that are away, die, hang or lose answers, and of callers that give up. */
public abstract class DispersalFaultContract extends DispersalFixture {
    private static final Duration LONG = Duration.ofHours(1);
    private static final int BLOB_BYTES = 2_500_000;

    /** Creates the contract. */
    protected DispersalFaultContract() {}

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
                        .withMessageContaining("needed 5, left 4")
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
    void sitesDyingWhileAReaderReadsAreReplaced() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(3_300_000, 5);
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, blob);
            int[] dying = random.ints(0, 6).distinct().limit(2).toArray();
            Arrays.stream(dying).forEach(i -> fleet.store(i).before(diesAfter(random.nextInt(30))));
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                DispersalContract.requireRandomReads(source, blob, random, 60);
            }
        }
    }

    @Test
    void siteThatComesBackServesAgain() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 6);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 4);
        fleet.delete(spread, 5);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            fleet.store(0).before(Hook.AWAY);
            assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(100)))
                    .hasMessageContaining("a: away");
            fleet.store(0).before(Hook.NONE);
            source.readFullyAt(0, ByteBuffer.allocate(100));
            DispersalContract.requireRandomReads(source, blob, new Random(7), 30);
        }
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
            SimulatedTasks.forEachSeed(20, tasks -> {
                Fleet fleet = simulated(tasks);
                Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
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
        SimulatedTasks.forEachSeed(20, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
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
        SimulatedTasks.forEachSeed(20, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
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
                SimulatedTasks.forEachSeed(15, tasks -> {
                    Fleet fleet = simulated(tasks);
                    Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
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
        SimulatedTasks.forEachSeed(20, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            fleet.store(1).before(hangsIn(tasks, Call.COMMIT));
            fleet.store(4).after(hangsIn(tasks, Call.COMMIT));
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> fleet.write(dispersal, bytes(1000, 12)))
                    .withMessageContaining("needed 5, left 4");
            tasks.settle();
            assertThat(fleet.heldBlobs()).isZero();
            nothingIsLeftOpen();
        });
    }

    @Test
    void slowSitesAreHedgedAndTheirLateAnswersHarmNothing() {
        SimulatedTasks.forEachSeed(40, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            byte[] blob = bytes(BLOB_BYTES, 13);
            Spread spread = fleet.write(dispersal, blob);
            Random random = new Random(tasks.elapsedNanos());
            Hook slow = call -> tasks.pause(Duration.ofMillis(random.nextInt(5000)));
            fleet.store(0).before(slow);
            fleet.store(3).before(slow);
            long start = tasks.elapsedNanos();
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                DispersalContract.requireRandomReads(source, blob, random, 20);
            }
            assertThat(tasks.elapsedNanos() - start)
                    .isLessThan(Duration.ofSeconds(10).toNanos());
            tasks.settle();
            nothingIsLeftOpen();
        });
    }

    @Test
    void memoryOfLateReadsIsNotUsedAgainBeforeTheyEnd() {
        Patience hasty = new Patience(
                Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMillis(2));
        SimulatedTasks.forEachSeed(100, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, hasty);
            byte[] blob = bytes(300_000, 22);
            Spread spread = fleet.write(dispersal, blob);
            Random random = new Random(tasks.random().bytes(1)[0]);
            for (int i = 0; i < 6; i++) {
                fleet.store(i)
                        .before(call -> tasks.pause(Duration.ofMillis(call == Call.READ ? random.nextInt(15) : 0)));
            }
            for (int round = 0; round < 10; round++) {
                try (BlobSource source = dispersal.open(spread, blob.length)) {
                    DispersalContract.requireRandomReads(source, blob, random, 3);
                }
            }
            tasks.settle();
            nothingIsLeftOpen();
        });
    }

    @Test
    void slowSitesAreWaitedForWhenNoOthersAreLeft() {
        SimulatedTasks.forEachSeed(20, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            byte[] blob = bytes(BLOB_BYTES, 14);
            Spread spread = fleet.write(dispersal, blob);
            fleet.delete(spread, 1);
            fleet.delete(spread, 5);
            fleet.store(0).before(call -> tasks.pause(Duration.ofSeconds(7)));
            assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
        });
    }

    @Test
    void slowSiteIsWaitedForEvenIfNothingCouldReplaceIt() {
        SimulatedTasks.forEachSeed(20, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            byte[] blob = bytes(BLOB_BYTES, 23);
            Spread spread = fleet.write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                for (int i = 3; i < 6; i++) {
                    fleet.store(i).before(Hook.AWAY);
                }
                fleet.store(0).before(call -> tasks.pause(Duration.ofSeconds(3)));
                ByteBuffer dst = ByteBuffer.allocate(100);
                source.readFullyAt(50, dst);
                assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(blob, 50, 100));
            }
        });
    }

    @Test
    void allSitesThatLackTheirSliceAreNamedAlsoThoseThatSaySoLate() {
        SimulatedTasks.forEachSeed(40, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            Spread spread = fleet.write(dispersal, bytes(BLOB_BYTES, 24));
            try (BlobSource source = dispersal.open(spread, BLOB_BYTES)) {
                fleet.store(4).before(call -> {
                    tasks.pause(Duration.ofSeconds(3));
                    throw new UnavailableException("gone");
                });
                for (int i = 1; i < 4; i++) {
                    fleet.store(i).before(Hook.AWAY);
                }
                assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(BLOB_BYTES)))
                        .hasMessageContaining("found 2")
                        .hasMessageContaining("b: away, c: away, d: away, e: gone");
            }
            assertThatThrownBy(() -> dispersal.open(spread, BLOB_BYTES))
                    .hasMessageContaining("found 2")
                    .hasMessageContaining("b: away, c: away, d: away, e: gone");
        });
    }

    @Test
    void readFromHangingSitesEndsInTime() {
        SimulatedTasks.forEachSeed(20, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            byte[] blob = bytes(BLOB_BYTES, 15);
            Spread spread = fleet.write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                for (int i = 0; i < 3; i++) {
                    fleet.store(i).before(hangsIn(tasks, Call.READ));
                }
                assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(100)))
                        .hasMessageContaining("found 3")
                        .hasMessageContaining("a: no answer within PT30S");
            }
            assertThat(tasks.elapsedNanos()).isLessThan(Duration.ofSeconds(70).toNanos());
            assertThat(dispersal.inspect(spread, blob.length)).containsOnlyKeys(0, 1, 2);
            tasks.settle();
            nothingIsLeftOpen();
        });
    }

    @Test
    void interruptedWriterLeavesNothing() {
        SimulatedTasks.forEachSeed(150, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            Spread[] written = new Spread[1];
            interruptSometime(tasks, () -> written[0] = fleet.write(dispersal, bytes(BLOB_BYTES, 16)));
            tasks.settle();
            nothingIsLeftOpen();
            assertThat(fleet.heldBlobs()).isIn(written[0] == null ? new Object[] {0} : new Object[] {5, 6});
        });
    }

    @Test
    void interruptedReaderCanReadOn() {
        SimulatedTasks.forEachSeed(100, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            byte[] blob = bytes(BLOB_BYTES, 17);
            Spread spread = fleet.write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                interruptSometime(tasks, () -> DispersalContract.requireRandomReads(source, blob, new Random(18), 5));
                DispersalContract.requireRandomReads(source, blob, new Random(19), 5);
            }
            tasks.settle();
            nothingIsLeftOpen();
        });
    }

    @Test
    void anyMixOfFaultsEndsWholeOrNotAtAll() {
        SimulatedTasks.forEachSeed(300, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
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

    private Fleet simulated(SimulatedTasks tasks) {
        AtomicInteger number = new AtomicInteger();
        return fleet(SIX, store -> tasks.store(Fleet.name(number.getAndIncrement()), store));
    }

    private static Hook diesAfter(int calls) {
        AtomicInteger left = new AtomicInteger(calls);
        return call -> {
            if (left.getAndDecrement() <= 0) {
                throw new UnavailableException("dead");
            }
        };
    }

    private static Hook losesAnswersTo(Call lost) {
        return call -> {
            if (call == lost) {
                throw new OutcomeUnknownException("lost");
            }
        };
    }

    private static Hook hangsIn(SimulatedTasks tasks, Call hanging) {
        return call -> {
            if (call == hanging) {
                tasks.pause(LONG);
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

    /** Runs a client and interrupts it after a while that the seed draws. */
    private static void interruptSometime(SimulatedTasks tasks, Client client) throws IOException {
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

    private static IOException failureOf(Client client) {
        try {
            client.run();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("did not fail");
    }

    /** What somebody does with blobs. */
    @FunctionalInterface
    private interface Client {
        void run() throws IOException;
    }
}
