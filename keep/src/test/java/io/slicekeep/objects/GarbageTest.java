package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.ForwardingSink;
import io.slicekeep.testkit.ForwardingStore;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a collection takes away, what it leaves, and how long it waits. */
class GarbageTest {
    private static final Duration D = Duration.ofSeconds(10);
    private static final Timing TIMING = new Timing(
            D,
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final int LARGE = 1_500_000;

    /** A site's disk that can be away, and notes when something is deleted from it. */
    private static class Disk extends ForwardingStore implements TidyBlobStore {
        private final MemoryStore memory;
        private final SimulatedTasks tasks;
        private final List<Long> deletions = new ArrayList<>();
        private boolean away;
        private int refusedLists;
        private long lists;
        private Duration suspendsRecords = Duration.ZERO;

        Disk(MemoryStore memory, SimulatedTasks tasks) {
            super(memory);
            this.memory = memory;
            this.tasks = tasks;
        }

        @Override
        public BlobSink create(BlobKey key) throws IOException {
            requireThere();
            BlobSink sink = super.create(key);
            boolean suspends = !suspendsRecords.isZero() && key.value().contains("/h/");
            return suspends ? new SuspendedSink(sink, suspendsRecords) : sink;
        }

        /** Whoever commits is suspended right before. */
        private final class SuspendedSink extends ForwardingSink {
            private final Duration howLong;

            SuspendedSink(BlobSink sink, Duration howLong) {
                super(sink);
                this.howLong = howLong;
            }

            @Override
            public void commit() throws IOException {
                tasks.pause(howLong);
                super.commit();
            }
        }

        @Override
        public BlobSource open(BlobKey key) throws IOException {
            requireThere();
            return super.open(key);
        }

        @Override
        public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
            requireThere();
            lists++;
            if (refusedLists-- > 0) {
                throw new UnavailableException("not now");
            }
            return super.list(prefix, after, limit);
        }

        @Override
        public void delete(BlobKey key) throws IOException {
            requireThere();
            if (!isNote(key)) {
                deletions.add(tasks.elapsedNanos());
            }
            super.delete(key);
        }

        @Override
        public Set<String> unfinished(KeyPrefix prefix) throws IOException {
            requireThere();
            return memory.unfinished(prefix);
        }

        @Override
        public void endUnfinished(String name) throws IOException {
            requireThere();
            memory.endUnfinished(name);
        }

        private void requireThere() throws UnavailableException {
            if (away) {
                throw new UnavailableException("away");
            }
        }

        List<BlobKey> keys() {
            return all().stream().filter(key -> !isNote(key)).toList();
        }

        List<BlobKey> notes() {
            return all().stream().filter(Disk::isNote).toList();
        }

        List<BlobKey> all() {
            return memory.list(KeyPrefix.ALL, null, 1000).keys();
        }

        private static boolean isNote(BlobKey key) {
            return key.value().contains("!ok!");
        }
    }

    /** Six sites and one process. */
    private static final class Keep {
        final List<Disk> disks = new ArrayList<>();
        final Map<ObjectName, String> prefixes = new HashMap<>();
        final World world;
        final NamespaceObjects objects;

        Keep(SimulatedTasks tasks) {
            for (int i = 0; i < 6; i++) {
                disks.add(new Disk(new MemoryStore(), tasks));
            }
            world = new World(Profile.of(4, 2), disks);
            objects = world.open(tasks, new SeededRandom(1), TIMING);
        }

        void put(ObjectName name, int length, long seed) throws IOException {
            put(objects, name, length, seed);
        }

        void put(NamespaceObjects by, ObjectName name, int length, long seed) throws IOException {
            Set<BlobKey> before = new HashSet<>(disks.get(0).all());
            try (Sink sink = by.create(name, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(length, seed)));
                sink.commit();
            }
            disks.get(0).all().stream()
                    .filter(key -> !before.contains(key) && key.value().contains("/h/"))
                    .findFirst()
                    .ifPresent(key -> prefixes.put(
                            name, key.value().substring(0, key.value().indexOf('!') + 1)));
        }

        byte[] get(ObjectName name) throws IOException {
            try (Source source = objects.open(name, Freshness.PROVEN)) {
                return read(source);
            }
        }

        GarbageReport collect() throws IOException {
            return objects.collectGarbage((duration, names) -> assertThat(names).isPositive());
        }

        /** Tells what could be collected, and makes sure that this changes nothing. */
        GarbageReport preview() throws IOException {
            List<Set<BlobKey>> before = contents();
            GarbageReport report = objects.previewGarbage();
            assertThat(contents()).isEqualTo(before);
            return report;
        }

        private List<Set<BlobKey>> contents() {
            return disks.stream().map(disk -> Set.copyOf(disk.all())).toList();
        }

        /** As if a put of the name had stopped before its record got to these sites. */
        void forgetRecords(ObjectName name, int... sites) {
            for (int site : sites) {
                recordsOf(name, site).forEach(disks.get(site).memory::delete);
            }
        }

        /** Takes the records of a name away from all sites. */
        Map<Integer, Map<BlobKey, byte[]>> takeRecords(ObjectName name) throws IOException {
            Map<Integer, Map<BlobKey, byte[]>> taken = new HashMap<>();
            for (int site = 0; site < 6; site++) {
                Map<BlobKey, byte[]> atSite = new HashMap<>();
                for (BlobKey key : recordsOf(name, site)) {
                    try (BlobSource source = disks.get(site).open(key)) {
                        ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
                        source.readFullyAt(0, bytes);
                        atSite.put(key, bytes.array());
                    }
                }
                taken.put(site, atSite);
                forgetRecords(name, site);
            }
            return taken;
        }

        void putBack(Map<Integer, Map<BlobKey, byte[]>> records) {
            records.forEach((site, atSite) -> atSite.forEach((key, bytes) -> {
                try (BlobSink sink = disks.get(site).create(key)) {
                    sink.write(ByteBuffer.wrap(bytes));
                    sink.commit();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }

        void forgetNewestRecords(ObjectName name) {
            for (int site = 0; site < 6; site++) {
                List<BlobKey> newest = recordsOf(name, site);
                String first = newest.get(0).value();
                int at = first.indexOf('!') + 1;
                String version = first.substring(at, at + 27);
                newest.stream().filter(key -> key.value().contains(version)).forEach(disks.get(site).memory::delete);
            }
        }

        private List<BlobKey> recordsOf(ObjectName name, int site) {
            String prefix = Objects.requireNonNull(prefixes.get(name));
            return disks.get(site).all().stream()
                    .filter(key -> key.value().startsWith(prefix))
                    .toList();
        }

        List<BlobKey> notes() {
            return disks.stream().flatMap(disk -> disk.notes().stream()).toList();
        }

        List<Integer> blobsAtEachSite() {
            return disks.stream().map(disk -> disk.keys().size()).toList();
        }
    }

    private static byte[] read(Source source) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
        source.readFullyAt(0, bytes);
        return bytes.array();
    }

    @Test
    void whatNewerVersionsReplacedIsTakenAway() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            for (int version = 0; version < 4; version++) {
                keep.put(NAME, version % 2 == 0 ? LARGE : 100, version);
            }
            ObjectName large = ObjectName.of("photos/large");
            keep.put(large, 100, 8);
            keep.put(large, LARGE, 9);
            tasks.pause(Duration.ofSeconds(10)); // What writes leave to be done behind is done by then.
            GarbageReport preview = keep.preview();
            GarbageReport report = keep.collect();
            assertThat(preview).isEqualTo(report);
            assertThat(report.records()).isEqualTo(6 * 4);
            assertThat(report.slices()).isEqualTo(6 * 2);
            assertThat(report.pending()).isEmpty();
            assertThat(keep.blobsAtEachSite()).containsOnly(3);
            assertThat(keep.get(NAME)).isEqualTo(Sites.bytes(100, 3));
            assertThat(keep.get(large)).isEqualTo(Sites.bytes(LARGE, 9));
            assertThat(keep.objects.inspect(large, Depth.DEEP).bad()).isEmpty();
            assertThat(keep.collect()).isEqualTo(new GarbageReport(0, 0, 0, Map.of()));
        });
    }

    @Test
    void whatWasDeletedIsForgotten() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.objects.delete(NAME);
            tasks.pause(Duration.ofSeconds(10)); // What writes leave to be done behind is done by then.
            GarbageReport preview = keep.preview();
            GarbageReport report = keep.collect();
            assertThat(preview).isEqualTo(report);
            assertThat(report.purged()).isEqualTo(1);
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
            assertThatThrownBy(() -> keep.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            keep.put(NAME, 10, 2);
            assertThat(keep.get(NAME)).isEqualTo(Sites.bytes(10, 2));
        });
    }

    @Test
    void notesGoWithWhatTheyAreAbout() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            ObjectName other = ObjectName.of("other");
            keep.put(NAME, LARGE, 1);
            keep.put(NAME, 10, 2);
            tasks.settle();
            assertThat(keep.notes()).hasSize(2);
            BlobKey old = keep.notes().stream().max(Comparator.naturalOrder()).orElseThrow();
            keep.collect();
            assertThat(keep.notes()).hasSize(1).doesNotContain(old);
            keep.put(other, 10, 3);
            keep.objects.delete(NAME);
            keep.objects.delete(other);
            tasks.settle();
            keep.collect();
            assertThat(keep.notes()).isEmpty();
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
        });
    }

    /** A note may be late, as long as it likes, and come when its record is gone. */
    @Test
    void aNoteThatOutlivedItsRecordIsSwept() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, 10, 1);
            tasks.settle();
            BlobKey note = keep.notes().get(0);
            keep.objects.delete(NAME);
            keep.collect();
            assertThat(keep.notes()).isEmpty();
            try (BlobSink late = keep.disks.get(2).create(note)) {
                late.commit();
            }
            assertThatThrownBy(() -> keep.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            keep.collect();
            assertThat(keep.notes()).isEmpty();
            keep.put(NAME, 10, 2);
            tasks.settle();
            try (BlobSink late = keep.disks.get(2).create(note)) {
                late.commit();
            }
            keep.collect();
            assertThat(keep.notes()).hasSize(1).doesNotContain(note);
        });
    }

    /** Planted bug 27, in what is left of it: slices that no record names go only when no put can name them any more. */
    @Test
    void slicesThatNobodyCanNameAreTakenAway() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            ObjectName last = ObjectName.of("zz");
            keep.put(NAME, LARGE, 1);
            keep.put(NAME, LARGE, 2);
            keep.put(ObjectName.of("a"), LARGE, 3);
            keep.put(last, LARGE, 4);
            keep.forgetRecords(NAME, 0, 1, 2, 3, 4, 5);
            tasks.pause(TIMING.orphanAge().plusSeconds(1));
            assertThat(keep.preview().slices()).isEqualTo(2 * 6);
            assertThat(keep.collect().slices()).isEqualTo(2 * 6);
            assertThat(keep.collect().slices()).isZero();
            assertThat(keep.blobsAtEachSite()).containsOnly(4);
            assertThat(keep.get(last)).isEqualTo(Sites.bytes(LARGE, 4));
            assertThat(keep.objects.inspect(ObjectName.of("a"), Depth.DEEP).bad())
                    .isEmpty();
        });
    }

    @Test
    void slicesThatSomebodyMayNameStay() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.forgetRecords(NAME, 0, 1, 2, 3, 5);
            tasks.pause(TIMING.orphanAge().plusHours(1));
            keep.disks.get(4).refusedLists = 1;
            assertThat(keep.collect().slices())
                    .as("the one record was out of sight at first")
                    .isZero();
            assertThat(keep.collect().slices()).as("a record is left").isZero();
            keep.forgetRecords(NAME, 4);
            keep.disks.get(3).away = true;
            GarbageReport report = keep.collect();
            assertThat(report.slices())
                    .as("a site that may have a record is away")
                    .isZero();
            assertThat(report.pending()).containsOnlyKeys("d");
            keep.disks.get(3).away = false;
            NamespaceObjects behind =
                    keep.world.open(tasks.withWallClock(Duration.ofHours(-2)), new SeededRandom(2), TIMING);
            assertThat(behind.collectGarbage((duration, names) -> {}).slices())
                    .as("not old enough")
                    .isZero();
            assertThat(keep.collect().slices()).isEqualTo(6);
        });
    }

    /** Planted bug 31: however long a put takes, and though its clock is days behind, its slices are there when it ends. */
    @Test
    void aPutThatTakesTooLongIsNotRecorded() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            NamespaceObjects behind =
                    keep.world.open(tasks.withWallClock(Duration.ofDays(-5)), new SeededRandom(2), TIMING);
            try (Sink slow = behind.create(NAME, PutOptions.NONE)) {
                slow.write(ByteBuffer.wrap(Sites.bytes(LARGE, 1)));
                tasks.pause(TIMING.longestUpload().minusHours(1));
                keep.collect();
                slow.commit();
            }
            assertThat(keep.get(NAME)).isEqualTo(Sites.bytes(LARGE, 1));
            ObjectName late = ObjectName.of("late");
            try (Sink tooSlow = keep.objects.create(late, PutOptions.NONE)) {
                tooSlow.write(ByteBuffer.wrap(Sites.bytes(LARGE, 1)));
                tasks.pause(TIMING.longestUpload().plusSeconds(1));
                assertThatThrownBy(tooSlow::commit)
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("upload");
            }
            tasks.settle();
            assertThat(keep.blobsAtEachSite()).containsOnly(2);
        });
    }

    /** Planted bug 27: one look. A clock that is wrong by years makes new slices look old. */
    @Test
    void aPutWithAWrongClockIsNotTakenForGarbage() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            NamespaceObjects behind =
                    keep.world.open(tasks.withWallClock(Duration.ofDays(-1000)), new SeededRandom(2), TIMING);
            keep.put(behind, NAME, LARGE, 1);
            Map<Integer, Map<BlobKey, byte[]>> records = keep.takeRecords(NAME);
            GarbageReport report = keep.objects.collectGarbage((duration, names) -> {
                assertThat(duration).isEqualTo(D.multipliedBy(4));
                keep.putBack(records);
            });
            assertThat(report.slices()).isZero();
            assertThat(keep.get(NAME)).isEqualTo(Sites.bytes(LARGE, 1));
            keep.takeRecords(NAME);
            assertThat(keep.collect().slices()).isEqualTo(6);
        });
    }

    @Test
    void whatIsNamedCostsNoListingOfItsOwn() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks);
            for (int i = 0; i < 20; i++) {
                keep.put(ObjectName.of("d" + i % 3 + "/" + i), i % 2 == 0 ? LARGE : 10, i);
            }
            tasks.pause(TIMING.orphanAge().plusHours(1));
            long before = keep.disks.get(0).lists;
            assertThat(keep.collect()).isEqualTo(new GarbageReport(0, 0, 0, Map.of()));
            assertThat(keep.disks.get(0).lists - before).isEqualTo(3);
        });
    }

    /** What a put that was killed left must not keep a deleted name for ever. */
    @Test
    void aDeletedNameIsForgottenWithTheSlicesOfALaterPut() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.objects.delete(NAME);
            keep.put(NAME, LARGE, 2);
            keep.forgetNewestRecords(NAME);
            assertThat(keep.collect().purged()).isZero();
            tasks.pause(TIMING.orphanAge().plusSeconds(1));
            GarbageReport report = keep.collect();
            assertThat(report.slices()).isEqualTo(6);
            assertThat(report.purged()).isEqualTo(1);
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
        });
    }

    /** Planted bug 8. */
    @Test
    void whoeverReadsHasTheDeadlineToEnd() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            try (TaskGroup<GarbageReport> group = tasks.group();
                    Source reader = keep.objects.open(NAME, Freshness.PROVEN)) {
                keep.put(NAME, LARGE, 2);
                long replaced = tasks.elapsedNanos();
                group.fork(0, keep::collect);
                tasks.pause(D.minusSeconds(1));
                assertThat(read(reader)).isEqualTo(Sites.bytes(LARGE, 1));
                GarbageReport report = Objects.requireNonNull(group.next(tasks.deadline(Duration.ofDays(1))))
                        .get();
                assertThat(report.slices()).isEqualTo(6);
                assertThat(keep.disks)
                        .allSatisfy(disk ->
                                assertThat(disk.deletions).hasSize(2).allMatch(at -> at - replaced >= D.toNanos()));
            }
        });
    }

    /** Planted bug 7. */
    @Test
    void aSiteThatLacksTheNewerVersionKeepsTheOlder() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.disks.get(1).away = true;
            keep.put(NAME, LARGE, 2);
            assertThat(keep.collect().pending()).containsOnlyKeys("b");
            keep.disks.get(1).away = false;
            assertThat(keep.collect().pending().get("b")).contains("repair");
            assertThat(keep.blobsAtEachSite()).containsOnly(2);
            keep.objects.repair(NAME, Depth.LIGHT);
            assertThat(keep.collect().pending()).isEmpty();
            assertThat(keep.blobsAtEachSite()).containsOnly(2);
            assertThat(keep.objects.inspect(NAME, Depth.DEEP).bad()).isEmpty();
        });
    }

    /** What was right to delete under one layout need not be under the next. */
    @Test
    void nothingIsDeletedOnceTheSitesChange() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.put(NAME, LARGE, 2);
            assertThatThrownBy(() -> keep.objects.collectGarbage((duration, names) ->
                            keep.world.join(Departure.SERVING, new Disk(new MemoryStore(), tasks))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("changed meanwhile");
            assertThat(keep.blobsAtEachSite()).containsOnly(4);
            keep.objects.repair(NAME, Depth.LIGHT);
            assertThat(keep.collect().pending()).isEmpty();
            assertThat(keep.blobsAtEachSite()).containsOnly(2);
        });
    }

    /** In a joint layout all n are all n + 1. */
    @Test
    void aTombstoneStaysUntilTheSiteThatComesHasItToo() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.objects.delete(NAME);
            Disk coming = new Disk(new MemoryStore(), tasks);
            coming.away = true;
            keep.world.join(Departure.SERVING, coming);
            assertThat(keep.collect().purged()).isZero();
            assertThat(keep.blobsAtEachSite()).containsOnly(1);
            coming.away = false;
            assertThat(keep.collect().purged()).isEqualTo(1);
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
            assertThat(coming.keys()).isEmpty();
        });
    }

    /** Planted bug 13. */
    @Test
    void nothingIsForgottenWhileASiteIsAway() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.disks.get(5).away = true;
            keep.objects.delete(NAME);
            assertThat(keep.collect().purged()).isZero();
            keep.disks.get(5).away = false;
            assertThatThrownBy(() -> keep.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            assertThat(keep.collect()).isEqualTo(new GarbageReport(1, 1, 1, Map.of()));
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
        });
    }

    /** Planted bug 69: what is deleted cannot be repaired, so a collection puts the tombstone where it is missing. */
    @Test
    void aSiteThatMissedADeletionIsTold() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.disks.get(5).away = true;
            keep.objects.delete(NAME);
            tasks.pause(Duration.ofSeconds(10)); // What the deletion leaves to be done behind is given up by then.
            keep.disks.get(5).away = false;
            assertThat(keep.collect().pending()).isEmpty();
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
        });
    }

    /** Planted bug 14: a clock that is behind may still be putting what is older. */
    @Test
    void aTombstoneFromAheadOfTheClockStays() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, 10, 1);
            NamespaceObjects ahead =
                    keep.world.open(tasks.withWallClock(Duration.ofHours(1)), new SeededRandom(2), TIMING);
            ahead.delete(NAME);
            assertThat(keep.collect().purged()).isZero();
            tasks.pause(Duration.ofHours(1));
            assertThat(keep.collect().purged()).isEqualTo(1);
        });
    }

    /** A put that was suspended before the deletion must not come back after it is forgotten. */
    @Test
    void whatWasUnfinishedAtBothLooksIsEnded() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, 10, 1);
            BlobKey late = keep.disks.get(0).keys().get(0);
            keep.objects.delete(NAME);
            try (BlobSink suspended = keep.disks.get(0).create(BlobKey.of(late + "x"))) {
                assertThat(keep.collect().purged()).isEqualTo(1);
                assertThatThrownBy(suspended::commit).isInstanceOf(IOException.class);
            }
            assertThat(keep.disks.get(0).unfinished(KeyPrefix.ALL)).isEmpty();
            assertThat(keep.blobsAtEachSite()).containsOnly(0);
        });
    }

    /** Only records are ended: an upload may last as long as it likes, whatever is forgotten meanwhile. */
    @Test
    void anUploadOutlivesThePurgeOfATombstone() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, 10, 1);
            keep.objects.delete(NAME);
            ObjectName slow = ObjectName.of("slow");
            try (Sink sink = keep.objects.create(slow, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(LARGE, 2)));
                assertThat(keep.collect().purged()).isEqualTo(1);
                sink.commit();
            }
            assertThat(keep.get(slow)).isEqualTo(Sites.bytes(LARGE, 2));
        });
    }

    /**
     * A put that was suspended between its last look at the deadline and its record's becoming visible, until its slices were
     * taken for garbage, must not hide the version before it.
     */
    @Test
    void aPutThatWakesAfterItsSlicesWereTakenAwayRecordsNothing() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Keep keep = new Keep(tasks);
            keep.put(NAME, LARGE, 1);
            keep.disks.forEach(disk -> disk.suspendsRecords = TIMING.orphanAge().plusDays(1));
            assertThatThrownBy(() -> keep.put(NAME, LARGE, 2)).isInstanceOf(OutcomeUnknownException.class);
            keep.disks.forEach(disk -> disk.suspendsRecords = Duration.ZERO);
            tasks.pause(TIMING.orphanAge().plusHours(1));
            assertThat(keep.collect().slices()).isEqualTo(6);
            tasks.pause(Duration.ofDays(2));
            assertThat(keep.get(NAME)).isEqualTo(Sites.bytes(LARGE, 1));
            keep.collect();
            assertThat(keep.get(NAME)).isEqualTo(Sites.bytes(LARGE, 1));
        });
    }

    @Test
    void aStoreThatCannotTellWhatIsUnfinishedKeepsTombstonesAndOrphans() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            List<MemoryStore> disks = new ArrayList<>();
            List<BlobStore> stores = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                disks.add(new MemoryStore());
                stores.add(i == 3 ? new ForwardingStore(disks.get(i)) {} : disks.get(i));
            }
            NamespaceObjects objects = new World(Profile.of(4, 2), stores).open(tasks, new SeededRandom(3), TIMING);
            try (Sink sink = objects.create(ObjectName.of("killed"), PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(LARGE, 1)));
                sink.commit();
            }
            disks.forEach(disk -> disk.list(KeyPrefix.ALL, null, 1000).keys().stream()
                    .filter(key -> key.value().contains("/h/"))
                    .forEach(disk::delete));
            tasks.pause(TIMING.orphanAge().plusSeconds(1));
            try (Sink sink = objects.create(NAME, PutOptions.NONE)) {
                sink.commit();
            }
            objects.delete(NAME);
            GarbageReport report = objects.collectGarbage((duration, names) -> {});
            assertThat(report.records()).isEqualTo(6);
            assertThat(report.slices()).isZero();
            assertThat(report.purged()).isZero();
            assertThat(report.pending()).containsOnlyKeys("d");
        });
    }
}
