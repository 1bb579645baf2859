package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.register.Change;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.Registers;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A register whose sites change while it is used. */
class RegisterSitesTest {
    private static final Profile PROFILE = Profile.of(2, 1);
    private static final Duration SLEEP = Duration.ofMinutes(1);
    private static final Timing TIMING = new Timing(Duration.ofMinutes(10), Patience.DEFAULT);

    /** Four disks, three of which are sites; b gives way to d. */
    private static final class World {
        private final List<BlobStore> disks =
                List.of(new MemoryStore(), new MemoryStore(), new MemoryStore(), new MemoryStore());
        private final OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, new SeededRandom(7));
        private int epoch = 1;
        private int processes;

        /** A process that reaches some disks, each of them its own way. */
        Register process(Tasks tasks, String reached, Duration sleep) {
            List<BlobStore> ways = new ArrayList<>();
            for (int i = 0; i < disks.size(); i++) {
                boolean there = reached.indexOf('a' + i) >= 0;
                FaultyStore way = new FaultyStore(new Sleepy(disks.get(i), tasks, sleep), Faults.none());
                if (!there) {
                    way.goAway();
                }
                ways.add(way);
            }
            Layouts layouts = new Layouts() {
                @Override
                public Layout confirmed() {
                    return layout(ways);
                }

                @Override
                public Layout latest() {
                    return layout(ways);
                }

                @Override
                public boolean holds(Layout known) {
                    return known.epoch() == epoch;
                }
            };
            return Registers.across(
                            layouts,
                            RegisterFormat.of("", secret),
                            new Means(tasks, new SeededRandom(processes++), TIMING))
                    .at(new RegisterId("x"));
        }

        private Layout layout(List<BlobStore> ways) {
            Layout before = new Layout(PROFILE, sites(ways, 1), 1);
            return switch (epoch) {
                case 1 -> before;
                case 2 -> before.joint(1, Departure.SERVING, "d", ways.get(3), 2);
                default -> new Layout(PROFILE, sites(ways, 3), 3);
            };
        }

        private static List<Site> sites(List<BlobStore> ways, int second) {
            return List.of(
                    new Site(0, "a", ways.get(0)), new Site(1, "b", ways.get(second)), new Site(2, "c", ways.get(2)));
        }
    }

    /** Sleeps before it creates a blob. */
    private static final class Sleepy extends ForwardingStore {
        private final Tasks tasks;
        private final Duration sleep;

        Sleepy(BlobStore below, Tasks tasks, Duration sleep) {
            super(below);
            this.tasks = tasks;
            this.sleep = sleep;
        }

        @Override
        public BlobSink create(BlobKey key) throws IOException {
            tasks.pause(sleep);
            return super.create(key);
        }
    }

    private static Change append(String word) {
        return current -> Optional.of(Bytes.of((text(current.value()) + word).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String text(Bytes value) {
        return new String(value.toArray(), StandardCharsets.US_ASCII);
    }

    /**
     * Its ballot is the highest, for its clock is ahead; and the two sites that take it do not know what the new ones have decided
     * since. It must not get a value.
     */
    @Test
    void aBallotThatSleptOverAChangeOfSitesPassesNothingBy() {
        SimulatedTasks.forEachSeed(20, tasks -> {
            World world = new World();
            world.process(tasks, "abc", Duration.ZERO).update(append("old "));
            try (TaskGroup<Boolean> group = tasks.group()) {
                Register sleepy = world.process(tasks.withWallClock(Duration.ofHours(1)), "abd", SLEEP);
                group.fork(0, () -> sleepy.update(append("late ")).applied());
                tasks.pause(Duration.ofSeconds(1));
                world.epoch = 2;
                world.process(tasks, "abcd", Duration.ZERO).restate();
                world.epoch = 3;
                world.process(tasks, "cd", Duration.ZERO).update(append("new "));
                Outcome<Boolean> late = Objects.requireNonNull(group.next(tasks.deadline(Duration.ofHours(1))));
                assertThat(late.get()).isTrue();
            }
            assertThat(text(world.process(tasks, "ad", Duration.ZERO).read().value()))
                    .isEqualTo("old new late ");
        });
    }

    /** What stood on enough of the sites before, but on too few of those after, is put there before it is acknowledged. */
    @Test
    void aValueThatWasDecidedByFormerSitesIsDecidedByTheNewOnesToo() {
        SimulatedTasks.forEachSeed(20, tasks -> {
            World world = new World();
            world.process(tasks, "abc", Duration.ZERO).update(append("old "));
            try (TaskGroup<Boolean> group = tasks.group()) {
                Register slow = world.process(tasks, "abd", SLEEP);
                group.fork(0, () -> slow.update(append("late ")).applied());
                tasks.pause(SLEEP.plusSeconds(1));
                world.epoch = 2;
                tasks.pause(SLEEP.plusSeconds(1));
                Outcome<Boolean> late = Objects.requireNonNull(group.next(tasks.deadline(Duration.ofHours(1))));
                assertThat(late.get()).isTrue();
            }
            world.epoch = 3;
            assertThat(text(world.process(tasks, "cd", Duration.ZERO).read().value()))
                    .isEqualTo("old late ");
        });
    }
}
