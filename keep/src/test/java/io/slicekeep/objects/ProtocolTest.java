package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.SupersededException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.objects.JournalStore.Line;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.Faults.Fault;
import io.slicekeep.testkit.FaultyStore;
import io.slicekeep.testkit.HookedStore;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order and the time limits of docs/PROTOCOLS.md 4 to 6, in simulated time. Six sites, k = 4, W = R = 5. */
class ProtocolTest {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Timing TIMING =
            new Timing(DEADLINE, new Patience(HOUR, HOUR, Duration.ofSeconds(10), Duration.ofSeconds(1)));
    private static final int SEEDS = 20;

    /** Six sites in simulated time. */
    private static final class Simulated {
        final SimulatedTasks tasks;
        final List<Line> journal = JournalStore.newJournal();
        final List<HookedStore> hooks = new ArrayList<>();
        final List<FaultyStore> machines = new ArrayList<>();
        final World world;
        final NamespaceObjects objects;

        Simulated(SimulatedTasks tasks) {
            this.tasks = tasks;
            List<BlobStore> sites = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                JournalStore disk = new JournalStore(new MemoryStore(), i, journal, tasks::elapsedNanos);
                machines.add(new FaultyStore(disk, Faults.none()));
                hooks.add(new HookedStore(tasks.store(Character.toString('a' + i), machines.get(i))));
                sites.add(hooks.get(i));
            }
            world = new World(Profile.of(4, 2), sites);
            objects = world.open(tasks, tasks.random(), TIMING);
        }

        void slow(int site, Call call, Duration pause) {
            hooks.get(site).before(called -> {
                if (called == call) {
                    tasks.pause(pause);
                }
            });
        }

        String put(ObjectName name, int length, long seed) throws IOException {
            return put(objects, name, length, seed);
        }

        static String put(ObjectStore objects, ObjectName name, int length, long seed) throws IOException {
            try (Sink sink = objects.create(name, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(length, seed)));
                return sink.commit().etag();
            }
        }

        byte[] get(ObjectName name) throws IOException {
            try (Source source = objects.open(name, Freshness.PROVEN)) {
                ByteBuffer all = ByteBuffer.allocate((int) source.length());
                source.readFullyAt(0, all);
                return all.array();
            }
        }

        List<Line> records() {
            return journal.stream().filter(Line::isRecord).toList();
        }
    }

    /** Planted bug 3: a head before W slices. */
    @Test
    void slicesStandOnWSitesBeforeAnyRecordDoes() {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            six.machines.get(2).goAway();
            six.put(NAME, 1_500_000, 1);
            int firstRecord = IntStream.range(0, six.journal.size())
                    .filter(i -> six.journal.get(i).isRecord())
                    .findFirst()
                    .orElseThrow();
            assertThat(six.journal.subList(0, firstRecord).stream()
                            .map(Line::site)
                            .distinct())
                    .hasSize(5);
        });
    }

    /** Planted bug 15: a record that is put after the deadline, which others count on never coming. */
    @Test
    void noRecordIsPutAfterTheDeadline() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Simulated six = new Simulated(tasks);
            six.slow(0, Call.WRITE, DEADLINE.plusSeconds(1));
            long began = tasks.elapsedNanos();
            six.put(NAME, 100, 1);
            six.slow(1, Call.WRITE, DEADLINE.plusSeconds(1));
            assertThatThrownBy(() -> six.put(ObjectName.of("another"), 100, 1))
                    .isInstanceOf(UnavailableException.class);
            tasks.settle();
            assertThat(six.records()).extracting(Line::site).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
            assertThat(six.records())
                    .allSatisfy(line -> assertThat(line.atNanos() - began).isLessThan(DEADLINE.toNanos()));
        });
    }

    @Test
    void anAcknowledgementThatComesTooLateIsNone() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Simulated six = new Simulated(tasks);
            for (int site = 0; site < 2; site++) {
                HookedStore slow = six.hooks.get(site);
                slow.after(call -> {
                    if (call == Call.COMMIT) {
                        tasks.pause(DEADLINE.plusSeconds(1));
                    }
                });
            }
            assertThatThrownBy(() -> six.put(NAME, 100, 1)).isInstanceOf(OutcomeUnknownException.class);
        });
    }

    @Test
    void anAcknowledgedWriteWaitsALittleForTheRestAndThenGoesOnBehind() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Simulated six = new Simulated(tasks);
            six.slow(3, Call.COMMIT, Duration.ofSeconds(30));
            long began = tasks.elapsedNanos();
            try (Sink sink = six.objects.create(NAME, PutOptions.NONE)) {
                assertThat(sink.commit().missing()).containsOnlyKeys("d");
            }
            assertThat(Duration.ofNanos(tasks.elapsedNanos() - began))
                    .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
            tasks.settle();
            assertThat(six.records()).hasSize(6);
        });
    }

    /** As it is with slices: who interrupts the wait for the rest does not undo what W sites hold. */
    @Test
    void whoeverInterruptsAfterTheAcknowledgementIsToldOfIt() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Simulated six = new Simulated(tasks);
            six.slow(3, Call.COMMIT, Duration.ofSeconds(30));
            List<String> missing = new ArrayList<>();
            try (TaskGroup<Boolean> group = tasks.group()) {
                group.fork(0, () -> {
                    try (Sink sink = six.objects.create(NAME, PutOptions.NONE)) {
                        missing.addAll(sink.commit().missing().keySet());
                    }
                    return Thread.interrupted();
                });
                tasks.pause(Duration.ofSeconds(5));
            }
            tasks.settle();
            assertThat(missing).containsExactly("d");
        });
    }

    @Test
    void nobodyWaitsForNotesAndFewAreUnderWay() {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            for (FaultyStore machine : six.machines) {
                machine.faults(call -> {
                    try {
                        tasks.pause(
                                call.startsWith("create") && call.contains("!ok!")
                                        ? HOUR.plusMinutes(1)
                                        : Duration.ZERO);
                    } catch (InterruptedIOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return Fault.NONE;
                });
            }
            long began = tasks.elapsedNanos();
            for (int i = 0; i < 100; i++) {
                six.put(ObjectName.of("photos/" + i), 10, i);
            }
            assertThat(Duration.ofNanos(tasks.elapsedNanos() - began)).isLessThan(Duration.ofMinutes(1));
            tasks.settle();
            assertThat(six.journal.stream().filter(Line::isNote)).hasSize(64);
            six.put(NAME, 10, 1);
            tasks.settle();
            assertThat(six.journal.stream().filter(Line::isNote)).hasSize(65);
        });
    }

    @Test
    void anUploadThatWasNotOvertakenMayTakeLong() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Simulated six = new Simulated(tasks);
            try (Sink sink = six.objects.create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(1_500_000, 1)));
                tasks.pause(HOUR);
                sink.commit();
            }
            assertThat(six.get(NAME)).isEqualTo(Sites.bytes(1_500_000, 1));
        });
    }

    @Test
    void aLongUploadThatWasOvertakenIsNotRecordedAndItsSlicesGo() {
        SimulatedTasks.forEachSeed(3, tasks -> {
            Simulated six = new Simulated(tasks);
            try (Sink sink = six.objects.create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(1_500_000, 1)));
                six.put(NAME, 10, 2);
                six.objects.delete(NAME);
                tasks.pause(HOUR);
                assertThatThrownBy(sink::commit)
                        .isInstanceOf(SupersededException.class)
                        .hasMessageContaining(NAME.toString());
            }
            tasks.settle();
            assertThatThrownBy(() -> six.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            assertThat(six.journal.stream().filter(line -> line.call().equals("delete")))
                    .hasSize(6)
                    .allMatch(line -> !line.isRecord());
        });
    }

    /** Two writers: both are acknowledged, one stays, and all agree which. */
    @Test
    void oneOfTwoConcurrentPutsStaysForAllReaders() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Simulated six = new Simulated(tasks);
            ObjectStore other = six.world.open(tasks.withWallClock(Duration.ofMillis(-1)), tasks.random(), TIMING);
            Set<String> revisions = new HashSet<>();
            try (TaskGroup<String> group = tasks.group()) {
                group.fork(0, () -> six.put(NAME, 10, 1));
                group.fork(1, () -> Simulated.put(other, NAME, 20, 2));
                group.fork(2, () -> six.put(NAME, 30, 3));
                for (int i = 0; i < 3; i++) {
                    revisions.add(Objects.requireNonNull(group.next(tasks.deadline(HOUR)))
                            .get());
                }
            }
            assertThat(revisions).hasSize(3);
            String newest = six.objects.head(NAME, Freshness.PROVEN).etag();
            assertThat(revisions).contains(newest);
            assertThat(other.head(NAME, Freshness.PROVEN).etag()).isEqualTo(newest);
        });
    }

    /** Sites that answer too slowly have not lost their slices, and must not be reported as if they had. */
    @ParameterizedTest
    @CsvSource({"PROVEN, 6, 6", "PROVEN, 3, 5", "POSSIBLY_STALE, 3, 6", "POSSIBLY_STALE, 3, 5", "POSSIBLY_STALE, 3, 4"})
    void sitesThatAreTooSlowAreCalledSoAndNotShortOfSlices(Freshness freshness, int slow, int there) {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            six.put(NAME, 10, 1);
            six.machines.subList(there, 6).forEach(FaultyStore::goAway);
            for (int site = 0; site < slow; site++) {
                six.slow(site, Call.READ, HOUR);
            }
            assertThatThrownBy(() -> six.objects.open(NAME, freshness))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContainingAll(NAME.toString(), "before the deadline");
        });
    }

    /**
     * Planted bugs 16 and 17: clocks that are behind make two writers choose one counter. They still write two versions, and
     * their slices lie apart.
     */
    @ParameterizedTest
    @ValueSource(ints = {30, 1_200_000})
    void twoWritesThatChooseOneCounterAreTwoVersions(int length) {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            Simulated.put(six.world.open(tasks.withWallClock(HOUR), tasks.random(), TIMING), NAME, 10, 0);
            Map<String, Integer> seeds = new HashMap<>();
            try (TaskGroup<String> group = tasks.group()) {
                group.fork(1, () -> six.put(NAME, length, 1));
                group.fork(2, () -> six.put(NAME, length, 2));
                for (int i = 0; i < 2; i++) {
                    Outcome<String> outcome = Objects.requireNonNull(group.next(tasks.deadline(HOUR)));
                    seeds.put(outcome.get(), outcome.index());
                }
            }
            assertThat(seeds.keySet()).hasSize(2);
            assertThat(six.records().stream().map(Line::counter).distinct())
                    .as("counters, with that of the first write")
                    .hasSize(2);
            String newest = six.objects.head(NAME, Freshness.PROVEN).etag();
            assertThat(six.get(NAME)).isEqualTo(Sites.bytes(length, seeds.getOrDefault(newest, 0)));
            assertThat(six.objects.inspect(NAME, Depth.DEEP).bad()).isEmpty();
        });
    }

    /** Planted bugs 16 to 18: every write has one revision of its own, every attempt a key of its own. */
    @Test
    void noKeyAndNoRevisionIsUsedTwice() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Simulated six = new Simulated(tasks);
            Set<String> revisions = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                NamespaceObjects restarted =
                        six.world.open(tasks.withWallClock(Duration.ofHours(-i)), tasks.random(), TIMING);
                six.machines.get(i).goAway();
                revisions.add(Simulated.put(restarted, NAME, 10, i));
                six.machines.get(i).comeBack();
                six.get(NAME);
            }
            tasks.settle();
            assertThat(revisions).hasSize(5);
            Set<String> versions = new HashSet<>();
            for (Line line : six.records()) {
                String key = line.key().value();
                versions.add(key.substring(key.indexOf('!') + 1, key.indexOf('!') + 28));
            }
            assertThat(versions).as("(counter, writer) of all attempts").hasSize(5);
            assertThat(six.records().stream().map(line -> line.site() + " " + line.key()))
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void shreddingWaitsOutReadersAndThenLeavesOnlyTheTombstone() {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            six.put(NAME, 1_500_000, 1);
            six.put(NAME, 10, 2);
            assertThat(six.objects.shred(NAME).pending())
                    .hasSize(6)
                    .allSatisfy((site, reason) -> assertThat(reason).contains("readers"));
            assertThatThrownBy(() -> six.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            tasks.pause(DEADLINE.minusSeconds(10));
            assertThat(six.objects.shred(NAME).pending()).hasSize(6);
            assertThat(six.journal).noneMatch(line -> line.call().equals("delete"));
            tasks.pause(Duration.ofSeconds(11));
            assertThat(six.objects.shred(NAME).pending()).isEmpty();
            assertThat(six.objects.shred(NAME).pending()).isEmpty();
            assertRecordsGoFirst(six.journal);
            assertThat(six.journal.stream().filter(line -> line.call().equals("delete") && !line.isNote()))
                    .hasSize(6 * 3);
            assertThat(six.journal.stream().filter(line -> line.call().equals("delete") && line.isNote()))
                    .hasSize(2);
            assertThatThrownBy(() -> six.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
        });
    }

    /** Planted bug 9: slices before the record that names them. */
    private static void assertRecordsGoFirst(List<Line> journal) {
        for (int site = 0; site < 6; site++) {
            int of = site;
            List<Boolean> deletedRecords = journal.stream()
                    .filter(line -> line.call().equals("delete") && line.site() == of && !line.isNote())
                    .map(Line::isRecord)
                    .toList();
            assertThat(deletedRecords).containsExactly(true, true, false);
        }
    }

    /** Planted bug 7: deleting an old revision where the tombstone does not stand. */
    @Test
    void aSiteThatMissedTheTombstoneKeepsItsRecordsUntilItHasIt() {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            six.put(NAME, 10, 1);
            six.machines.get(1).goAway();
            six.objects.delete(NAME);
            six.objects.shred(NAME);
            tasks.pause(DEADLINE.plusSeconds(1));
            assertThat(six.objects.shred(NAME).pending()).containsOnlyKeys("b");
            six.machines.get(1).comeBack();
            assertThat(six.objects.shred(NAME).pending())
                    .containsOnlyKeys("b")
                    .allSatisfy((site, reason) -> assertThat(reason).contains("tombstone"));
            assertThat(six.journal).noneMatch(line -> line.call().equals("delete") && line.site() == 1);
            assertThat(six.objects.shred(NAME).pending()).isEmpty();
            assertThat(six.journal).anyMatch(line -> line.call().equals("delete") && line.site() == 1);
        });
    }

    @Test
    void aPutAfterAShredStays() {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Simulated six = new Simulated(tasks);
            six.put(NAME, 10, 1);
            six.objects.shred(NAME);
            six.put(NAME, 20, 2);
            tasks.pause(DEADLINE.plusSeconds(1));
            assertThat(six.get(NAME)).isEqualTo(Sites.bytes(20, 2));
            assertThat(six.objects.inspect(NAME, Depth.DEEP).bad()).isEmpty();
        });
    }
}
