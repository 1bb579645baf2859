package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.register.Change;
import io.slicekeep.register.Register;
import io.slicekeep.register.State;
import io.slicekeep.register.Update;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Several processes with wrong clocks change and read one register over sites that are slow, fail, go away, come back, are lost,
 * and lie. What the processes were told must be explained by one value that changed step by step.
 */
final class RegisterSimulation {
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final int OPERATIONS = 6;

    /** Opens the register as one process does. */
    interface Opener {
        Register open(List<BlobStore> sites, Means means);
    }

    /**
     * How much goes wrong at a time.
     *
     * @param sites how many there are
     * @param away how many of them may be away
     * @param lying how many may lie
     */
    record World(int sites, int away, int lying) {}

    private final SimulatedTasks tasks;
    private final World world;
    private final Opener opener;
    private final SplittableRandom draws;
    private final List<MemoryStore> disks = new ArrayList<>();
    private final List<LyingStore> liars = new ArrayList<>();
    private final List<FaultyStore> machines = new ArrayList<>();
    private final List<BlobStore> sites = new ArrayList<>();
    private final RegisterHistory history = new RegisterHistory();
    private final Map<Long, Long> valueAtVersion = new HashMap<>();
    private final AtomicInteger values = new AtomicInteger();
    private int slowSite = -1;
    private boolean over;
    private int succeeded;
    private int tried;

    RegisterSimulation(SimulatedTasks tasks, World world, Opener opener) {
        this.tasks = tasks;
        this.world = world;
        this.opener = opener;
        this.draws =
                new SplittableRandom(ByteBuffer.wrap(tasks.random().bytes(8)).getLong());
        for (int i = 0; i < world.sites(); i++) {
            disks.add(new MemoryStore());
            liars.add(new LyingStore(disks.get(i)));
            machines.add(new FaultyStore(liars.get(i), Faults.none()));
            sites.add(tasks.store(Character.toString('a' + i), machines.get(i)));
        }
    }

    /** Runs it, and returns how many of a hundred operations succeeded. */
    int run(int clients) throws IOException {
        try (TaskGroup<Boolean> group = tasks.group()) {
            for (int i = 0; i < clients; i++) {
                group.fork(i, this::live);
            }
            group.fork(clients, this::disturb);
            for (int ended = 0; ended < clients; ended++) {
                group.next(tasks.deadline(Duration.ofDays(1)));
            }
            over = true;
            group.next(tasks.deadline(Duration.ofDays(1)));
        }
        read(client(Faults.none()));
        assertThat(history.isLinearizable()).as("%s\n%s", world, history).isTrue();
        return 100 * succeeded / Math.max(1, tried);
    }

    /** One process: its own clock, its own way to the sites, which loses requests and answers, and at last perhaps all. */
    private boolean live() throws IOException {
        int lifetime = draws.nextInt(4) == 0 ? draws.nextInt(300) : Integer.MAX_VALUE;
        Register register = client(mortal(draws.nextInt(3) == 0 ? 0.04 : 0.004, lifetime));
        State last = new State(0, Bytes.EMPTY);
        for (int i = 0; i < OPERATIONS; i++) {
            tasks.pause(Duration.ofMillis(draws.nextInt(4) == 0 ? draws.nextInt(10_000) : draws.nextInt(20)));
            State seen = last;
            tried++;
            try {
                last = switch (draws.nextInt(5)) {
                    case 0, 1 -> update(register, value -> current -> Optional.of(step(current, value)));
                    case 2 ->
                        update(
                                register,
                                value -> current -> current.version() == seen.version()
                                        ? Optional.of(step(current, value))
                                        : Optional.empty());
                    default -> read(register);
                };
                succeeded++;
            } catch (OutcomeUnknownException | UnavailableException e) {
                // An operation may fail; what it said is in the history.
            }
        }
        return true;
    }

    /** A value is a number that nobody else writes, and the number that it was made of. */
    private static Bytes step(State current, long value) {
        return Bytes.of(
                ByteBuffer.allocate(16).putLong(value).putLong(number(current)).array());
    }

    private static long number(State state) {
        return state.exists() ? state.value().buffer().getLong(0) : RegisterHistory.NOTHING;
    }

    private interface ChangeTo {
        Change of(long value);
    }

    private State update(Register register, ChangeTo changeTo) throws IOException {
        long value = 1L + values.getAndIncrement();
        long start = tasks.elapsedNanos();
        try {
            Update update = register.update(changeTo.of(value));
            State state = update.state();
            if (update.applied()) {
                assertThat(number(state)).isEqualTo(value);
                history.changed(state.value().buffer().getLong(8), value, start, tasks.elapsedNanos());
            } else {
                history.didNotWrite(value);
                history.read(number(state), start, tasks.elapsedNanos());
            }
            return checked(state);
        } catch (OutcomeUnknownException e) {
            history.mayHaveWritten(value, start);
            throw e;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            history.didNotWrite(value);
            throw e;
        }
    }

    private State read(Register register) throws IOException {
        long start = tasks.elapsedNanos();
        State state = register.read();
        history.read(number(state), start, tasks.elapsedNanos());
        return checked(state);
    }

    /** One version has one value, whoever sees it. */
    private State checked(State state) {
        Long other = valueAtVersion.putIfAbsent(state.version(), number(state));
        assertThat(other == null || other == number(state))
                .as("version %s is %s and %s\n%s", state.version(), number(state), other, history)
                .isTrue();
        return state;
    }

    private Register client(Faults faults) {
        List<BlobStore> reached = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            reached.add(new FaultyStore(slow(i, sites.get(i)), faults));
        }
        Tasks clock = tasks.withWallClock(Duration.ofMillis(draws.nextInt(-5000, 5000)));
        return opener.open(reached, new Means(clock, new SeededRandom(draws.nextLong()), TIMING));
    }

    private Faults mortal(double trouble, int lifetime) {
        Faults random = Faults.random(draws.nextLong(), trouble);
        AtomicInteger calls = new AtomicInteger();
        return call -> calls.getAndIncrement() >= lifetime ? Faults.Fault.BEFORE : random.next(call);
    }

    /** The way to a slow site, or of a process that is suspended now and then. */
    private BlobStore slow(int index, BlobStore site) {
        HookedStore hooked = new HookedStore(site);
        HookedStore.Hook wait = call -> {
            if (index == slowSite || draws.nextInt(100) == 0) {
                tasks.pause(Duration.ofMillis(draws.nextInt(2000)));
            }
        };
        hooked.before(wait);
        hooked.after(wait);
        return hooked;
    }

    /** Lets sites go away and come back, or be wiped, so many at a time as the world allows; others lie or are slow. */
    private boolean disturb() throws IOException {
        List<Integer> present =
                new ArrayList<>(IntStream.range(0, world.sites()).boxed().toList());
        List<Integer> away = new ArrayList<>();
        while (!over) {
            tasks.pause(Duration.ofMillis(1 + draws.nextInt(1500)));
            if (world.sites() - present.size() < world.away() && draws.nextBoolean()) {
                int site = present.remove(draws.nextInt(present.size()));
                machines.get(site).goAway();
                if (draws.nextInt(8) == 0) {
                    wipe(site);
                } else {
                    away.add(site);
                }
            } else if (!away.isEmpty()) {
                int site = away.remove(0);
                machines.get(site).comeBack();
                present.add(site);
            }
            for (int i = 0; i < world.lying(); i++) {
                lie(liars.get(i));
            }
            slowSite = world.away() > 0 ? draws.nextInt(-machines.size(), machines.size()) : -1;
        }
        away.forEach(site -> machines.get(site).comeBack());
        liars.forEach(LyingStore::beHonest);
        slowSite = -1;
        return true;
    }

    /** A site that lost what it had is no site any more: it stays away. */
    private void wipe(int site) throws IOException {
        MemoryStore disk = disks.get(site);
        for (BlobKey key : disk.list(KeyPrefix.ALL, null, 10_000).keys()) {
            disk.delete(key);
        }
    }

    private void lie(LyingStore liar) throws IOException {
        int salt = draws.nextInt();
        switch (draws.nextInt(7)) {
            case 0 -> liar.hide(key -> true);
            case 1 -> liar.hide(key -> (key.hashCode() ^ salt) % 2 == 0);
            case 2 -> liar.freezeListing();
            case 3 -> liar.alter(key -> true, (offset, value) -> offset % 50 == salt % 50 ? (byte) ~value : value);
            case 4 -> liar.lose(key -> (key.hashCode() ^ salt) % 2 == 0);
            case 5 -> liar.keepDeleted();
            default -> liar.beHonest();
        }
    }
}
