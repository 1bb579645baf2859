package io.slicekeep.objects;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.FaultyStore;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The profile changes to another k while the sites stay, and what stands is sliced anew. */
@Tag("once")
class ReslicingTest {
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final ObjectName SMALL = ObjectName.of("photos/small");
    private static final ObjectName LARGE = ObjectName.of("photos/large");
    private static final ObjectName GONE = ObjectName.of("photos/gone");
    private static final int LARGE_BYTES = 2_200_000;

    /** It fits the head by 3+3, and not by 4+2. */
    private static final int BORDER_BYTES = 1_047_500;

    private static final Profile FOUR = Profile.of(4, 2);
    private static final Profile THREE = Profile.of(3, 3);

    /** Six sites, or so, and any number of processes, one of which may stop at a call. */
    private static final class Keep {
        final SimulatedTasks tasks;
        final List<MemoryStore> disks = new ArrayList<>();
        final List<FaultyStore> sites = new ArrayList<>();
        final World world;
        final NamespaceObjects objects;
        private long processes;
        final Map<ObjectName, byte[]> values = new TreeMap<>();
        long callsLeft = Long.MAX_VALUE;

        Keep(SimulatedTasks tasks, Profile profile, NamespaceMode mode) {
            this.tasks = tasks;
            for (int i = 0; i < profile.sites(); i++) {
                disks.add(new MemoryStore());
                sites.add(new FaultyStore(disks.get(i), this::fault));
            }
            world = new World(profile, sites, mode);
            objects = open();
        }

        private Faults.Fault fault(String call) {
            return callsLeft-- > 0 ? Faults.Fault.NONE : Faults.Fault.BEFORE;
        }

        NamespaceObjects open() {
            return world.open(tasks, new SeededRandom(++processes), TIMING);
        }

        void put(ObjectName name, int length, long seed) throws IOException {
            values.put(name, Sites.bytes(length, seed));
            put(objects, name, length, seed);
        }

        static void put(NamespaceObjects by, ObjectName name, int length, long seed) throws IOException {
            try (Sink sink = by.create(name, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(length, seed)));
                sink.commit();
            }
        }

        /** Objects of all kinds: one that was overwritten, one that is empty, and one that was deleted. */
        void putSome() throws IOException {
            put(SMALL, 10, 1);
            put(SMALL, 1000, 2);
            put(LARGE, LARGE_BYTES, 3);
            put(ObjectName.of("border"), BORDER_BYTES, 4);
            put(ObjectName.of("empty"), 0, 5);
            put(GONE, 100, 6);
            objects.delete(GONE);
            values.remove(GONE);
        }

        void fill() throws IOException {
            open().fillIncoming(world.layout(), () -> {});
        }

        void requireAll() throws IOException {
            requireAll(Freshness.PROVEN);
        }

        void requireAll(Freshness freshness) throws IOException {
            NamespaceObjects reader = open();
            for (Map.Entry<ObjectName, byte[]> value : values.entrySet()) {
                try (Source source = reader.open(value.getKey(), freshness)) {
                    ByteBuffer read = ByteBuffer.allocate(value.getValue().length);
                    source.readFullyAt(0, read);
                    assertThat(read.array()).as("%s", value.getKey()).isEqualTo(value.getValue());
                }
            }
            assertThatThrownBy(() -> reader.open(GONE, freshness).close()).isInstanceOf(ObjectNotFoundException.class);
        }

        void requireSlicedBy(Profile profile) throws IOException {
            for (ObjectName name : values.keySet()) {
                ObjectHealth health = objects.inspect(name, Depth.DEEP);
                assertThat(health.neededSlices()).as("%s", name).isEqualTo(profile.dataSlices());
                assertThat(health.bad()).as("%s", name).isEmpty();
            }
        }

        /** Returns what stands at all sites. */
        List<BlobKey> keys(Predicate<BlobKey> which) {
            return disks.stream()
                    .flatMap(disk -> disk.list(KeyPrefix.ALL, null, 100_000).keys().stream())
                    .filter(which)
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4+2, 3+3, LWW",
        "3+3, 4+2, LWW",
        "2+2, 3+1, LWW",
        "3+1, 2+2, LWW",
        "'4+2,f=1', '2+4,f=2,away=0', LWW",
        "4+2, 3+3, CONDITIONAL",
        "3+3, 4+2, CONDITIONAL",
        "'2+4,f=1,away=1', 4+2, CONDITIONAL"
    })
    void everythingIsSlicedAnew(String before, String after, NamespaceMode mode) {
        Profile next = Profile.parse(after);
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, Profile.parse(before), mode);
            keep.putSome();
            String etag = keep.objects.head(LARGE, Freshness.PROVEN).etag();
            keep.world.reshape(next);
            keep.requireAll();
            keep.fill();
            keep.requireAll();
            keep.requireSlicedBy(next);
            keep.world.settle(next);
            keep.requireAll();
            keep.requireSlicedBy(next);
            assertThat(keep.objects.head(LARGE, Freshness.PROVEN).etag()).isEqualTo(etag);
            for (int site = next.dataSlices(); site < next.sites(); site++) {
                keep.sites.get(site).goAway();
            }
            keep.requireAll(Freshness.POSSIBLY_STALE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void twoChangesLeadBack(NamespaceMode mode) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, THREE, mode);
            keep.putSome();
            for (Profile next : List.of(FOUR, THREE)) {
                keep.world.reshape(next);
                keep.fill();
                keep.world.settle(next);
                keep.requireAll();
                keep.requireSlicedBy(next);
            }
        });
    }

    /** Whoever slices all anew may stop at any call: everything can be read then, and another one goes on. */
    @ParameterizedTest
    @CsvSource({"4+2, 3+3, LWW, 1", "3+3, 4+2, LWW, 3", "4+2, 3+3, CONDITIONAL, 5"})
    void itMayStopAnywhere(String before, String after, NamespaceMode mode, int step) {
        Profile next = Profile.parse(after);
        boolean[] done = {false};
        for (int calls = 0; !done[0]; calls += step) {
            int stop = calls;
            SimulatedTasks.forEachSeed(1, tasks -> {
                Keep keep = new Keep(tasks, Profile.parse(before), mode);
                keep.put(SMALL, 1000, 2);
                keep.put(LARGE, BORDER_BYTES + 1000, 3);
                keep.put(GONE, 100, 6);
                keep.objects.delete(GONE);
                keep.values.remove(GONE);
                keep.world.reshape(next);
                keep.callsLeft = stop;
                try {
                    keep.fill();
                    done[0] = keep.callsLeft > 0;
                } catch (IOException e) {
                    // It stopped.
                }
                tasks.settle();
                keep.callsLeft = Long.MAX_VALUE;
                keep.requireAll();
                keep.fill();
                keep.world.settle(next);
                keep.requireAll();
                keep.requireSlicedBy(next);
            });
        }
    }

    /** A site is lost when some is sliced anew already: what takes its place gets all of it. */
    @ParameterizedTest
    @EnumSource
    void aSiteThatIsLostMeanwhileIsReplaced(NamespaceMode mode) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, mode);
            keep.putSome();
            keep.world.reshape(THREE);
            keep.callsLeft = 200;
            assertThatThrownBy(keep::fill).isInstanceOf(IOException.class);
            tasks.settle();
            keep.callsLeft = Long.MAX_VALUE;
            keep.put(ObjectName.of("new"), LARGE_BYTES, 7);
            keep.sites.get(1).goAway();
            keep.disks.add(new MemoryStore());
            keep.world.rescue(THREE, keep.disks.get(6));
            keep.put(SMALL, 1000, 8);
            keep.requireAll();
            keep.fill();
            keep.world.release(THREE);
            keep.requireAll();
            keep.requireSlicedBy(THREE);
        });
    }

    /** Two at once put the same bytes. */
    @ParameterizedTest
    @EnumSource
    void anyNumberMayDoItAtOnce(NamespaceMode mode) {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Keep keep = new Keep(tasks, FOUR, mode);
            keep.putSome();
            keep.world.reshape(THREE);
            try (var group = tasks.<Boolean>group()) {
                for (int i = 0; i < 3; i++) {
                    group.fork(i, () -> {
                        keep.fill();
                        return true;
                    });
                }
                for (int i = 0; i < 3; i++) {
                    requireNonNull(group.next(tasks.deadline(Duration.ofDays(1))))
                            .get();
                }
            }
            keep.world.settle(THREE);
            keep.requireAll();
            keep.requireSlicedBy(THREE);
        });
    }

    /**
     * A put that was killed has left its record at four sites, which give it back. Whoever slices all anew may have asked others, and
     * passed it by. So from the first reader who returns it, it is of the next profile, and as safe as that promises.
     */
    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE_BYTES})
    void whatIsReadOfTheFormerProfileIsSlicedAnewUnlessItStands(int length) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, NamespaceMode.LWW);
            keep.put(LARGE, 100, 1);
            failRecords(keep, 4, 5);
            assertThatThrownBy(() -> keep.put(LARGE, length, 2)).isInstanceOf(OutcomeUnknownException.class);
            heal(keep);
            Profile next = Profile.parse("2+4,f=0,away=2");
            keep.world.reshape(next);
            keep.sites.get(4).goAway();
            keep.requireAll();
            keep.sites.get(4).comeBack();
            keep.world.settle(next);
            keep.sites.get(0).goAway();
            keep.sites.get(1).goAway();
            keep.requireAll();
        });
    }

    private static void failRecords(Keep keep, int... sites) {
        for (int site : sites) {
            keep.sites
                    .get(site)
                    .faults(call -> call.startsWith("commit") && call.contains("/h/")
                            ? Faults.Fault.BEFORE
                            : Faults.Fault.NONE);
        }
    }

    private static void heal(Keep keep) {
        keep.sites.forEach(site -> site.faults(Faults.none()));
    }

    /** By 2+4 three sites are too few to give it back and too many to pass it by, so it is taken away before. */
    @Test
    void whatDiedHalfWayIsForgotten() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, NamespaceMode.LWW);
            keep.put(LARGE, 1000, 1);
            failRecords(keep, 3, 4, 5);
            assertThatThrownBy(() -> Keep.put(keep.objects, LARGE, 1000, 2))
                    .isInstanceOf(OutcomeUnknownException.class);
            heal(keep);
            Profile next = Profile.parse("2+4");
            keep.world.reshape(next);
            keep.requireAll();
            keep.fill();
            keep.world.settle(next);
            keep.requireAll();
            keep.requireSlicedBy(next);
        });
    }

    /** Two sites that cannot be asked are too many, by a profile of which five answer and four must be without it. */
    @Test
    void whatDiedWhereNobodyCanLookStopsTheChange() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, Profile.parse("3+4,f=0,away=2"), NamespaceMode.LWW);
            keep.put(LARGE, 1000, 1);
            failRecords(keep, 2, 3, 4, 5, 6);
            assertThatThrownBy(() -> Keep.put(keep.objects, LARGE, 1000, 2))
                    .isInstanceOf(OutcomeUnknownException.class);
            heal(keep);
            Profile next = Profile.parse("2+5,f=0,away=3");
            keep.world.reshape(next);
            keep.sites.get(0).goAway();
            keep.sites.get(1).goAway();
            assertThatThrownBy(keep::fill)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("may show a put of the former profile at too many sites: only 5 of 7 do not");
            keep.sites.get(0).comeBack();
            keep.sites.get(1).comeBack();
            keep.fill();
            keep.world.settle(next);
            keep.sites.get(5).goAway();
            keep.sites.get(6).goAway();
            keep.requireAll();
        });
    }

    /** Someone slept over the whole change, and then made a record visible: as late as it is, it is read, by its own k. */
    @Test
    void whatIsPutByTheFormerProfileAfterAllIsReadByItsOwnK() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, NamespaceMode.LWW);
            keep.put(SMALL, 1000, 1);
            keep.put(LARGE, LARGE_BYTES, 1);
            keep.world.reshape(THREE);
            keep.fill();
            keep.world.settle(THREE);
            NamespaceObjects sleeper = new World(FOUR, keep.sites).open(tasks, new SeededRandom(9), TIMING);
            Keep.put(sleeper, SMALL, 1000, 2);
            Keep.put(sleeper, LARGE, LARGE_BYTES, 2);
            keep.values.replaceAll((name, value) -> Sites.bytes(value.length, 2));
            keep.requireAll();
            keep.objects.collectGarbage((duration, names) -> {});
            keep.requireAll();
            keep.requireSlicedBy(FOUR);
            Profile next = Profile.parse("2+4");
            keep.world.reshape(next);
            keep.requireAll();
            keep.fill();
            keep.world.settle(next);
            keep.requireAll();
            keep.requireSlicedBy(next);
        });
    }

    /** A register's change meets the profile of now where it is made. */
    @ParameterizedTest
    @EnumSource
    void putsAreWaitedForWhereHeadsAreRecords(NamespaceMode mode) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, mode);
            keep.put(SMALL, 10, 1);
            keep.world.reshape(THREE);
            List<Duration> waited = new ArrayList<>();
            keep.open().fillIncoming(keep.world.layout(), new NamespaceObjects.FillListener() {
                @Override
                public void filled() {}

                @Override
                public void waits(Duration duration) {
                    waited.add(duration);
                }
            });
            assertThat(waited)
                    .isEqualTo(
                            mode == NamespaceMode.LWW
                                    ? List.of(TIMING.deadline().multipliedBy(4))
                                    : List.of());
        });
    }

    @ParameterizedTest
    @EnumSource
    void newObjectsAreOfTheNextProfile(NamespaceMode mode) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, THREE, mode);
            keep.world.reshape(FOUR);
            keep.putSome();
            keep.requireSlicedBy(FOUR);
            keep.world.settle(FOUR);
            keep.requireAll();
        });
    }

    /** How long the head may be is asked when all of the object has come. */
    @ParameterizedTest
    @ValueSource(ints = {1000, BORDER_BYTES, LARGE_BYTES})
    void aPutThatIsUnderWayIsOfOneProfile(int length) {
        for (NamespaceMode mode : NamespaceMode.values()) {
            SimulatedTasks.forEachSeed(1, tasks -> {
                Keep keep = new Keep(tasks, THREE, mode);
                keep.put(LARGE, 100, 1);
                try (Sink sink = keep.objects.create(LARGE, PutOptions.NONE)) {
                    sink.write(ByteBuffer.wrap(Sites.bytes(length, 2)));
                    keep.world.reshape(FOUR);
                    if (length == LARGE_BYTES || (mode == NamespaceMode.CONDITIONAL && length > 1000)) {
                        assertThatThrownBy(sink::commit)
                                .isInstanceOf(UnavailableException.class)
                                .hasMessageContaining("is sliced by k = 3, and meanwhile the profile of the keep was"
                                        + " changed to k = 4: put it again");
                    } else {
                        sink.commit();
                        keep.values.put(LARGE, Sites.bytes(length, 2));
                    }
                }
                tasks.settle();
                keep.fill();
                keep.world.settle(FOUR);
                keep.requireAll();
                keep.requireSlicedBy(FOUR);
            });
        }
    }

    /** The head is put while there are two profiles; the outcome is unknown at worst, and then as it is read. */
    @ParameterizedTest
    @EnumSource
    void aPutThatMeetsTheChangeAtAnyCallIsAcknowledgedOnlyIfItStays(NamespaceMode mode) {
        for (int length : List.of(1000, LARGE_BYTES)) {
            boolean[] late = {false};
            for (int calls = 1; !late[0]; calls += mode == NamespaceMode.LWW ? 2 : 5) {
                int at = calls;
                SimulatedTasks.forEachSeed(1, tasks -> late[0] = !putThatMeetsTheChange(tasks, mode, length, at));
            }
        }
    }

    private static boolean putThatMeetsTheChange(SimulatedTasks tasks, NamespaceMode mode, int length, int at)
            throws IOException {
        Keep keep = new Keep(tasks, FOUR, mode);
        Keep.put(keep.objects, SMALL, length, 1);
        int[] calls = {0};
        keep.sites.forEach(site -> site.faults(call -> {
            if (++calls[0] == at) {
                keep.world.reshape(THREE);
            }
            return Faults.Fault.NONE;
        }));
        List<Long> possible = new ArrayList<>(List.of(1L, 2L));
        try {
            Keep.put(keep.objects, SMALL, length, 2);
            possible.remove(1L);
        } catch (OutcomeUnknownException e) {
            // One or the other.
        } catch (UnavailableException e) {
            possible.remove(2L);
        }
        tasks.settle();
        boolean met = calls[0] >= at;
        heal(keep);
        if (met) {
            keep.fill();
            keep.world.settle(THREE);
            byte[] read;
            try (Source source = keep.open().open(SMALL, Freshness.PROVEN)) {
                read = new byte[(int) source.length()];
                source.readFullyAt(0, ByteBuffer.wrap(read));
            }
            assertThat(possible.stream().map(seed -> Sites.bytes(length, seed)))
                    .as("the change at call %d", at)
                    .anyMatch(value -> Arrays.equals(value, read));
        }
        return met;
    }

    /** A copy by the sites would be of the former profile. */
    @Test
    void aCopyIsOfTheNextProfile() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, NamespaceMode.LWW);
            keep.put(LARGE, LARGE_BYTES, 1);
            World copying = new World(FOUR, keep.disks);
            copying.reshape(THREE);
            ObjectName copy = ObjectName.of("copy");
            copying.open(tasks, new SeededRandom(5), TIMING).copy(LARGE, copy);
            keep.world.settle(THREE);
            assertThat(keep.objects.inspect(copy, Depth.DEEP).neededSlices()).isEqualTo(3);
        });
    }

    /** Planted bug 57: the former placement is deleted before the new head is final. */
    @ParameterizedTest
    @EnumSource
    void whatWasBeforeIsTakenAwayWhenItIsOver(NamespaceMode mode) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, FOUR, mode);
            keep.putSome();
            keep.objects.collectGarbage((duration, names) -> {});
            List<BlobKey> former = keep.keys(key -> true);
            keep.world.reshape(THREE);
            assertThatThrownBy(() -> keep.objects.collectGarbage((duration, names) -> {}))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("finish that first");
            keep.fill();
            if (mode == NamespaceMode.LWW) {
                assertThat(keep.keys(key -> true)).containsAll(former);
            }
            keep.world.settle(THREE);
            GarbageReport preview = keep.objects.previewGarbage();
            GarbageReport report = keep.objects.collectGarbage((duration, names) -> {});
            assertThat(report.slices()).isEqualTo(preview.slices()).isPositive();
            List<BlobKey> slices = keep.keys(key -> key.value().contains("/b/"));
            assertThat(slices)
                    .doesNotContainAnyElementsOf(former.stream()
                            .filter(key -> key.value().contains("/b/"))
                            .toList());
            keep.requireAll();
            keep.requireSlicedBy(THREE);
            assertThat(keep.objects.collectGarbage((duration, names) -> {}).slices())
                    .isZero();
        });
    }
}
