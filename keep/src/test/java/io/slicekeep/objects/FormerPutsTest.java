package io.slicekeep.objects;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.ForwardingSink;
import io.slicekeep.testkit.ForwardingStore;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Puts of the former k that sleep at the worst moments while all is sliced anew by a smaller one: none comes afterwards. */
class FormerPutsTest {
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final Duration LONG = Duration.ofHours(2);
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final int LARGE = 1_500_000;
    private static final Profile FOUR = Profile.of(4, 2);
    private static final Profile TWO = Profile.of(2, 4);

    /** Happens before a call: create, commit, unfinished or end, with the key if there is one. It may fail. */
    private interface Trouble {
        void before(String call) throws IOException;
    }

    /** A disk that can tell and end what is being written to it. */
    private static final class Disk extends ForwardingStore implements TidyBlobStore {
        private final MemoryStore memory;
        private Trouble trouble = call -> {};

        Disk(MemoryStore memory) {
            super(memory);
            this.memory = memory;
        }

        @Override
        public BlobSink create(BlobKey key) throws IOException {
            trouble.before("create " + key);
            return new ForwardingSink(super.create(key)) {
                @Override
                public void commit() throws IOException {
                    trouble.before("commit " + key);
                    super.commit();
                }
            };
        }

        @Override
        public Set<String> unfinished(KeyPrefix prefix) throws IOException {
            trouble.before("unfinished");
            return memory.unfinished(prefix);
        }

        @Override
        public void endUnfinished(String name) throws IOException {
            trouble.before("end");
            memory.endUnfinished(name);
        }
    }

    /** Six sites that hold version 1 of an object by 4+2. */
    private static final class Keep {
        final SimulatedTasks tasks;
        final int length;
        final List<Disk> disks = new ArrayList<>();
        final World world;
        final NamespaceObjects objects;

        Keep(SimulatedTasks tasks, int length) throws IOException {
            this.tasks = tasks;
            this.length = length;
            for (int i = 0; i < FOUR.sites(); i++) {
                disks.add(new Disk(new MemoryStore()));
            }
            world = new World(FOUR, disks, NamespaceMode.LWW);
            objects = world.open(tasks, new SeededRandom(1), TIMING);
            put(1);
        }

        void put(long version) throws IOException {
            try (Sink sink = objects.create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(length, version)));
                sink.commit();
            }
        }

        /** Puts version 2 by 4+2, but whoever does so falls asleep just before its records become visible. */
        void fallAsleepPutting() {
            disks.forEach(disk -> disk.trouble = this::sleepBeforeRecord);
            assertThatThrownBy(() -> put(2)).isInstanceOf(OutcomeUnknownException.class);
            wakeUp();
        }

        private void wakeUp() {
            disks.forEach(disk -> disk.trouble = call -> {});
        }

        private void sleepBeforeRecord(String call) throws IOException {
            if (call.startsWith("commit") && call.contains("/h/")) {
                tasks.pause(LONG);
            }
        }

        void fill() throws IOException {
            world.open(tasks, new SeededRandom(2), TIMING).fillIncoming(world.layout(), () -> {});
        }

        /** Changes the profile, from beginning to end. */
        void change() throws IOException {
            world.reshape(TWO);
            fill();
            world.settle(TWO);
        }

        /** Requires that version 1 is read, whichever site is away, when all who slept have woken up. */
        void requireFirst() throws IOException {
            tasks.pause(LONG);
            tasks.settle();
            for (int away = -1; away < disks.size(); away++) {
                for (int site = 0; site < disks.size(); site++) {
                    boolean there = site != away;
                    disks.get(site).trouble = call -> {
                        if (!there) {
                            throw new UnavailableException("away");
                        }
                    };
                }
                try (Source source = objects.open(NAME, Freshness.PROVEN)) {
                    ByteBuffer read = ByteBuffer.allocate(length);
                    source.readFullyAt(0, read);
                    assertThat(read.array()).isEqualTo(Sites.bytes(length, 1));
                }
            }
        }
    }

    /** It made sure of the profile, and slept over the whole change before it put its records. */
    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void aPutThatSleepsBeforeItsRecordsLooksAgain(int length) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, length);
            keep.world.meanwhile(2, keep::change);
            assertThatThrownBy(() -> keep.put(2))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("meanwhile the profile of the keep was changed to k = 2: put it again");
            assertThat(keep.world.layout().profile()).isEqualTo(TWO);
            keep.requireFirst();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void aPutThatSleepsJustBeforeItIsSeenIsEnded(int length) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, length);
            keep.fallAsleepPutting();
            keep.change();
            keep.requireFirst();
        });
    }

    /** Without a lease, a put may make sure of the profile just before it changes, and send its records after that. */
    @Test
    void aPutThatSendsItsRecordsAfterTheChangeBeganIsEnded() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, 1000);
            for (Disk disk : keep.disks) {
                int[] calls = {0};
                disk.trouble = call -> {
                    if (call.contains("/h/") && calls[0]++ < 2) {
                        tasks.pause(call.startsWith("create") ? Duration.ofSeconds(1) : LONG);
                    }
                };
            }
            keep.world.meanwhile(2, () -> keep.world.reshape(TWO));
            try (TaskGroup<Boolean> group = tasks.group()) {
                group.fork(0, () -> {
                    keep.put(2);
                    return true;
                });
                while (!keep.world.layout().reslices()) {
                    tasks.pause(Duration.ofMillis(1));
                }
                keep.fill();
                keep.world.settle(TWO);
                Outcome<Boolean> put = requireNonNull(group.next(tasks.deadline(LONG.multipliedBy(2))));
                assertThat(put.failure()).isInstanceOf(IOException.class);
            }
            keep.requireFirst();
        });
    }

    /** What sites did not tell at first, they cannot end either: the change waits for them. */
    @Test
    void sitesThatDoNotTellWhatIsBeingPutAreNotCounted() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, 1000);
            keep.fallAsleepPutting();
            keep.world.reshape(TWO);
            for (int site = 3; site < 6; site++) {
                int[] asked = {0};
                keep.disks.get(site).trouble = call -> {
                    if (call.equals("unfinished") && asked[0]++ == 0) {
                        throw new UnavailableException("not now");
                    }
                };
            }
            assertThatThrownBy(keep::fill)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("it cannot end records that are being put");
            keep.fill();
            keep.world.settle(TWO);
            keep.requireFirst();
        });
    }

    /** Then a record may come to be at that one, which is passed by. */
    @ParameterizedTest
    @ValueSource(ints = {1000, LARGE})
    void oneSiteThatCannotEndThemIsNoHindrance(int length) {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Keep keep = new Keep(tasks, length);
            keep.fallAsleepPutting();
            keep.disks.get(2).trouble = call -> {
                if (call.equals("end")) {
                    throw new IOException("permission denied");
                }
            };
            keep.change();
            keep.requireFirst();
        });
    }
}
