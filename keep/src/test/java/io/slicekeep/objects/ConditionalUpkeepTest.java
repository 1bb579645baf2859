package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.ConditionUnsupportedException;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.Condition;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.FaultyStore;
import io.slicekeep.testkit.ForwardingSink;
import io.slicekeep.testkit.ForwardingStore;
import io.slicekeep.testkit.HookedStore;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps the objects of a conditional namespace whole, and what collects their garbage. */
class ConditionalUpkeepTest {
    private static final Duration D = Duration.ofSeconds(10);
    private static final Timing TIMING = new Timing(
            D,
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");

    /** What happens before a blob is created or deleted. */
    private interface Guard {
        void before(BlobKey key) throws IOException;
    }

    /** The way to a site, on which things may happen. */
    private static final class Way extends ForwardingStore {
        private Guard guard = key -> {};
        private Guard beforeCommit = key -> {};

        Way(BlobStore store) {
            super(store);
        }

        @Override
        public BlobSink create(BlobKey key) throws IOException {
            guard.before(key);
            return new ForwardingSink(super.create(key)) {
                @Override
                public void commit() throws IOException {
                    beforeCommit.before(key);
                    super.commit();
                }
            };
        }

        @Override
        public void delete(BlobKey key) throws IOException {
            guard.before(key);
            super.delete(key);
        }
    }

    /** Six sites, and processes that share nothing else. */
    private static final class Keep {
        final SimulatedTasks tasks;
        final List<MemoryStore> disks = new ArrayList<>();
        final List<Way> ways = new ArrayList<>();
        final List<FaultyStore> sites = new ArrayList<>();
        final World world;
        final NamespaceObjects objects;
        private int processes;

        Keep(SimulatedTasks tasks) {
            this.tasks = tasks;
            for (int i = 0; i < 6; i++) {
                disks.add(new MemoryStore());
                ways.add(new Way(disks.get(i)));
                sites.add(new FaultyStore(ways.get(i), Faults.none()));
            }
            world = new World(Profile.of(4, 2), sites, NamespaceMode.CONDITIONAL);
            objects = process();
        }

        NamespaceObjects process() {
            return world.open(tasks, new SeededRandom(processes++), TIMING);
        }

        void put(NamespaceObjects by, long seed) throws IOException {
            try (Sink sink = by.create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(100, seed)));
                sink.commit();
            }
        }

        byte[] get() throws IOException {
            try (Source source = objects.open(NAME, Freshness.PROVEN)) {
                ByteBuffer read = ByteBuffer.allocate((int) source.length());
                source.readFullyAt(0, read);
                return read.array();
            }
        }

        List<BlobKey> keys(int site, String folder) {
            return disks.get(site).list(KeyPrefix.ALL, null, 1000).keys().stream()
                    .filter(key -> key.value().substring("n/".length() + 33).startsWith(folder))
                    .toList();
        }

        long slices() {
            long slices = 0;
            for (int i = 0; i < 6; i++) {
                slices += keys(i, "b/").size();
            }
            return slices;
        }
    }

    private interface Script {
        void run(Keep keep) throws IOException;
    }

    private static void simulate(Script script) {
        SimulatedTasks.forEachSeed(20, tasks -> script.run(new Keep(tasks)));
    }

    @ParameterizedTest
    @EnumSource
    void aSiteThatMissedAWriteIsMended(Depth depth) {
        simulate(keep -> {
            keep.sites.get(2).goAway();
            keep.put(keep.objects, 1);
            keep.sites.get(2).comeBack();
            assertThat(keep.objects.inspect(NAME, depth).bad()).containsOnlyKeys("c");
            RepairReport report = keep.objects.repair(NAME, depth);
            assertThat(report.pending()).isEmpty();
            assertThat(report.mended()).containsOnlyKeys("c");
            assertThat(keep.objects.inspect(NAME, Depth.DEEP).bad()).isEmpty();
        });
    }

    @Test
    void aSiteThatDoesNotTakeTheHeadIsReported() {
        simulate(keep -> {
            keep.ways.get(2).guard = key -> {
                if (key.value().contains("/r/")) {
                    throw new IOException("full");
                }
            };
            try (Sink sink = keep.objects.create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(100, 1)));
                assertThat(sink.commit().missing()).containsOnlyKeys("c");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"r/", "b/"})
    void rotIsFoundAndMended(String folder) {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.tasks.pause(Duration.ofSeconds(1));
            for (BlobKey key : keep.keys(4, folder)) {
                keep.disks.get(4).delete(key);
                try (var sink = keep.disks.get(4).create(key)) {
                    sink.write(ByteBuffer.allocate(300));
                    sink.commit();
                }
            }
            assertThat(keep.objects.inspect(NAME, Depth.LIGHT).bad()).isEmpty();
            assertThat(keep.objects.inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys("e");
            assertThat(keep.objects.repair(NAME, Depth.DEEP).pending()).isEmpty();
            assertThat(keep.objects.inspect(NAME, Depth.DEEP).bad()).isEmpty();
            assertThat(keep.get()).isEqualTo(Sites.bytes(100, 1));
        });
    }

    @Test
    void twoLostSitesLoseNothing() {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.tasks.pause(Duration.ofSeconds(1));
            keep.sites.get(0).goAway();
            keep.sites.get(3).goAway();
            assertThat(keep.get()).isEqualTo(Sites.bytes(100, 1));
        });
    }

    @Test
    void aCollectionTakesReplacedSlicesAfterTheirReadersHadTheirTime() {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.put(keep.objects, 2);
            keep.tasks.pause(Duration.ofSeconds(1));
            long start = keep.tasks.elapsedNanos();
            GarbageReport report = keep.process()
                    .collectGarbage((wait, names) -> assertThat(wait).isEqualTo(D));
            assertThat(keep.tasks.elapsedNanos() - start).isGreaterThanOrEqualTo(D.toNanos());
            assertThat(report.slices()).isEqualTo(6);
            assertThat(report.pending()).isEmpty();
            assertThat(keep.slices()).isEqualTo(6);
            assertThat(keep.get()).isEqualTo(Sites.bytes(100, 2));
            assertThat(keep.objects.inspect(NAME, Depth.DEEP).oldRevisions()).isZero();
        });
    }

    /** Nothing is garbage here for its age, as the slices of a record would be that nobody shows. */
    @Test
    void slicesThatAHeadNamesAreKeptHoweverOldTheyAreAndWhoeverIsAway() {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.tasks.pause(TIMING.orphanAge().multipliedBy(2));
            keep.sites.get(1).goAway();
            assertThat(keep.process().collectGarbage((wait, names) -> {}).slices())
                    .isZero();
            keep.sites.get(1).comeBack();
            for (int site = 0; site < 6; site++) {
                assertThat(keep.keys(site, "b/")).hasSize(1);
            }
            assertThat(keep.get()).isEqualTo(Sites.bytes(100, 1));
        });
    }

    @Test
    void aCollectionTakesWhatADeletionAndAPutThatNeverEndedLeft() {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.objects.delete(NAME);
            abandon(keep);
            assertThat(keep.slices()).isEqualTo(12);
            keep.process().collectGarbage((wait, names) -> {});
            assertThat(keep.slices()).isZero();
            assertThatThrownBy(keep::get).isInstanceOf(ObjectNotFoundException.class);
            assertThat(keep.objects.collectGarbage((wait, names) -> {}).slices())
                    .isZero();
        });
    }

    /** A process that dies when its slices stand and its head does not. */
    private static void abandon(Keep keep) throws IOException {
        NamespaceObjects dying = keep.process();
        keep.tasks.pause(Duration.ofSeconds(1));
        boolean[] reached = {false};
        guard(keep, key -> {
            reached[0] |= key.value().contains("/r/");
            if (reached[0]) {
                throw new UnavailableException("died");
            }
        });
        assertThatThrownBy(() -> keep.put(dying, 9)).isInstanceOf(IOException.class);
        keep.tasks.pause(Duration.ofSeconds(1));
        guard(keep, key -> {});
    }

    private static void guard(Keep keep, Guard guard) {
        keep.ways.forEach(way -> way.guard = guard);
    }

    /** Who was held up between his slices and his head for longer than D must not name what a collector took. */
    @Test
    void aPutThatComesBackAfterACollectionFails() {
        simulate(keep -> {
            NamespaceObjects slow = keep.process();
            keep.put(keep.objects, 1);
            keep.tasks.pause(Duration.ofSeconds(1));
            keep.ways.get(5).beforeCommit = key -> keep.tasks.pause(Duration.ofSeconds(3));
            boolean[] collected = {false};
            guard(keep, key -> {
                while (key.value().contains("/r/") && !collected[0]) {
                    keep.tasks.pause(Duration.ofMillis(100));
                }
            });
            NamespaceObjects collector = new World(Profile.of(4, 2), keep.disks, NamespaceMode.CONDITIONAL)
                    .open(keep.tasks, new SeededRandom(99), TIMING);
            try (TaskGroup<Boolean> group = keep.tasks.group()) {
                group.fork(0, () -> {
                    while (keep.slices() < 11) {
                        keep.tasks.pause(Duration.ofMillis(100));
                    }
                    collector.collectGarbage((wait, names) -> {});
                    collected[0] = true;
                    return true;
                });
                assertThatThrownBy(() -> keep.put(slow, 2))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("took longer");
            }
            assertThat(keep.get()).isEqualTo(Sites.bytes(100, 1));
            assertThat(keep.objects.inspect(NAME, Depth.DEEP).bad()).isEmpty();
        });
    }

    /** A value that was made in time, and reaches the sites when a collector has been there, must not be decided any more. */
    @Test
    void aHeadThatReachesTheSitesAfterACollectionIsNotDecided() {
        simulate(keep -> {
            NamespaceObjects slow = keep.process();
            keep.ways.get(5).beforeCommit = key -> keep.tasks.pause(Duration.ofSeconds(3));
            boolean[] collected = {false};
            guard(keep, key -> {
                while (isAccepted(key) && !collected[0]) {
                    keep.tasks.pause(Duration.ofMillis(100));
                }
            });
            NamespaceObjects collector = new World(Profile.of(4, 2), keep.disks, NamespaceMode.CONDITIONAL)
                    .open(keep.tasks, new SeededRandom(99), TIMING);
            try (TaskGroup<Boolean> group = keep.tasks.group()) {
                group.fork(0, () -> {
                    while (keep.slices() < 5) {
                        keep.tasks.pause(Duration.ofMillis(100));
                    }
                    collector.collectGarbage((wait, names) -> {});
                    collected[0] = true;
                    return true;
                });
                assertThatThrownBy(() -> keep.put(slow, 1))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("took longer");
            }
            assertThatThrownBy(keep::get).isInstanceOf(ObjectNotFoundException.class);
        });
    }

    /** Tells whether a key is that of a register's value (docs/FORMAT.md). */
    private static boolean isAccepted(BlobKey key) {
        return key.value().contains("/r/") && key.value().contains("!2!");
    }

    /** A site may list what no writer makes; it must not keep the others' garbage from being collected. */
    @ParameterizedTest
    @ValueSource(strings = {".", "a/..", "151"})
    void slicesOfNamesThatNobodyCanWriteStopNoCollection(String name) {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.put(keep.objects, 2);
            String slice = keep.keys(0, "b/").get(0).value();
            String made = slice.replaceFirst("/b/[^!]*", "/b/" + (name.equals("151") ? "x".repeat(151) : name));
            keep.disks.get(0).create(BlobKey.of(made)).commit();
            assertThat(keep.process().collectGarbage((wait, names) -> {}).slices())
                    .isEqualTo(6);
            assertThat(keep.get()).isEqualTo(Sites.bytes(100, 2));
        });
    }

    @Test
    void shreddingWaitsForReadersAndThenLeavesNoSlice() {
        simulate(keep -> {
            keep.put(keep.objects, 1);
            keep.put(keep.objects, 2);
            keep.tasks.pause(Duration.ofSeconds(1));
            assertThat(keep.objects.shred(NAME).pending()).hasSize(6);
            assertThat(keep.slices()).isEqualTo(12);
            keep.tasks.pause(D);
            keep.sites.get(1).goAway();
            assertThat(keep.objects.shred(NAME).pending()).containsOnlyKeys("b");
            keep.sites.get(1).comeBack();
            assertThat(keep.objects.shred(NAME).pending()).containsOnlyKeys("b");
            keep.tasks.pause(D);
            assertThat(keep.objects.shred(NAME).pending()).isEmpty();
            assertThat(keep.slices()).isZero();
            assertThatThrownBy(keep::get).isInstanceOf(ObjectNotFoundException.class);
        });
    }

    @Test
    void whereTheLastWriterWinsConditionsAreRefusedBeforeAnythingIsWritten() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            for (Condition condition : List.of(Condition.IF_ABSENT, Condition.ifMatch("x"))) {
                assertThatThrownBy(() -> sites.objects().create(NAME, PutOptions.NONE.when(condition)))
                        .isInstanceOf(ConditionUnsupportedException.class)
                        .hasMessageContaining("--mode conditional");
                assertThatThrownBy(() -> sites.objects().delete(NAME, condition))
                        .isInstanceOf(ConditionUnsupportedException.class);
            }
            for (HookedStore.Call call : HookedStore.Call.values()) {
                assertThat(sites.count(call)).as("%s", call).isZero();
            }
        }
    }
}
