package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.PreconditionFailedException;
import io.slicekeep.object.Condition;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.FaultyStore;
import io.slicekeep.testkit.LyingStore;
import io.slicekeep.testkit.RegisterHistory;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Several processes with wrong clocks write, delete and read one name over sites that fail, go away, come back and lie, as
 * far as the profile allows; some of their writes are conditional, and garbage is collected. What they
 * were told must be explained by one register.
 */
final class ConditionalSimulation {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final ObjectName STABLE = ObjectName.of("photos/stable");
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final int OPERATIONS = 5;

    private final SimulatedTasks tasks;
    private final Profile profile;
    private final int valueBytes;
    private final SplittableRandom draws;
    private final List<LyingStore> liars = new ArrayList<>();
    private final List<FaultyStore> machines = new ArrayList<>();
    private final List<BlobStore> sites = new ArrayList<>();
    private final RegisterHistory history = new RegisterHistory();
    private final AtomicInteger values = new AtomicInteger();
    private boolean over;
    private int succeeded;
    private int tried;

    ConditionalSimulation(SimulatedTasks tasks, Profile profile, int valueBytes) {
        this.tasks = tasks;
        this.profile = profile;
        this.valueBytes = valueBytes;
        this.draws =
                new SplittableRandom(ByteBuffer.wrap(tasks.random().bytes(8)).getLong());
        for (int i = 0; i < profile.sites(); i++) {
            LyingStore liar = new LyingStore(new MemoryStore());
            FaultyStore machine = new FaultyStore(liar, Faults.none());
            liars.add(liar);
            machines.add(machine);
            sites.add(tasks.store(Character.toString('a' + i), machine));
        }
    }

    /** Runs it, and returns how many of a hundred operations succeeded. */
    int run(int clients) throws IOException {
        put(client(Faults.none()), STABLE, 77);
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
        machines.forEach(FaultyStore::comeBack);
        liars.forEach(LyingStore::beHonest);
        readAtLast(client(Faults.none()));
        assertThat(history.isLinearizable()).as("%s\n%s", profile, history).isTrue();
        return 100 * succeeded / Math.max(1, tried);
    }

    /** One process: its own clock, its own way to the sites, which loses requests and answers, and at last perhaps all. */
    private boolean live() throws IOException {
        boolean crashes = draws.nextInt(4) == 0;
        int lifetime = crashes ? draws.nextInt(600) : Integer.MAX_VALUE;
        double trouble = draws.nextInt(3) == 0 ? 0.03 : 0.003;
        NamespaceObjects objects = client(mortal(trouble, lifetime));
        for (int i = 0; i < OPERATIONS; i++) {
            tasks.pause(Duration.ofMillis(draws.nextInt(3) == 0 ? draws.nextInt(20_000) : draws.nextInt(20)));
            int kind = draws.nextInt(100);
            tried++;
            if (kind < 40) {
                change(objects, kind);
            } else if (kind < 50) {
                write(objects, 1 + values.getAndIncrement());
            } else if (kind < 54) {
                write(objects, RegisterHistory.NOTHING);
            } else if (kind < 60) {
                list(objects);
            } else {
                read(objects);
            }
        }
        return true;
    }

    private NamespaceObjects client(Faults faults) {
        List<BlobStore> reached = new ArrayList<>();
        for (BlobStore site : sites) {
            reached.add(new FaultyStore(site, faults));
        }
        Duration ahead = Duration.ofMillis(draws.nextInt(-5000, 5000));
        return new World(profile, reached, NamespaceMode.CONDITIONAL)
                .open(tasks.withWallClock(ahead), new SeededRandom(draws.nextLong()), TIMING);
    }

    private Faults mortal(double trouble, int lifetime) {
        Faults random = Faults.random(draws.nextLong(), trouble);
        AtomicInteger calls = new AtomicInteger();
        return call -> calls.getAndIncrement() >= lifetime ? Faults.Fault.BEFORE : random.next(call);
    }

    private void write(ObjectStore objects, long value) throws IOException {
        long start = tasks.elapsedNanos();
        try {
            if (value == RegisterHistory.NOTHING) {
                objects.delete(NAME);
            } else {
                put(objects, NAME, value);
            }
            history.wrote(value, start, tasks.elapsedNanos());
            succeeded++;
        } catch (OutcomeUnknownException e) {
            history.mayHaveWritten(value, start);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            history.didNotWrite(value);
        }
    }

    private void put(ObjectStore objects, ObjectName name, long value) throws IOException {
        put(objects, name, value, Condition.NONE);
    }

    private void put(ObjectStore objects, ObjectName name, long value, Condition condition) throws IOException {
        try (Sink sink = objects.create(name, PutOptions.NONE.when(condition))) {
            sink.write(ByteBuffer.allocate(valueBytes).putLong(0, value));
            sink.commit();
        }
    }

    /** What was read: the value, and the condition that it still is what is there. */
    private record Seen(long value, Condition unchanged) {}

    /** Reads, and a while later writes or deletes if nothing happened meanwhile; or collects garbage. */
    private void change(ObjectStore objects, int kind) throws IOException {
        if (kind < 4) {
            collect(objects);
            return;
        }
        Seen seen = look(objects);
        if (seen == null) {
            return;
        }
        tasks.pause(Duration.ofMillis(draws.nextInt(50)));
        long value = kind < 10 ? RegisterHistory.NOTHING : 1 + values.getAndIncrement();
        long start = tasks.elapsedNanos();
        try {
            if (value == RegisterHistory.NOTHING) {
                objects.delete(NAME, seen.unchanged());
            } else {
                put(objects, NAME, value, seen.unchanged());
            }
            history.changed(seen.value(), value, start, tasks.elapsedNanos());
            succeeded++;
        } catch (OutcomeUnknownException e) {
            history.mayHaveChanged(seen.value(), value, start);
        } catch (PreconditionFailedException e) {
            history.didNotWrite(value);
            succeeded++;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            history.didNotWrite(value);
        }
    }

    private @Nullable Seen look(ObjectStore objects) throws IOException {
        try (Source source = objects.open(NAME, Freshness.PROVEN)) {
            return new Seen(value(source), Condition.ifMatch(source.info().etag()));
        } catch (ObjectNotFoundException e) {
            return new Seen(RegisterHistory.NOTHING, Condition.IF_ABSENT);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
    }

    private void collect(ObjectStore objects) throws IOException {
        try {
            objects.collectGarbage((wait, names) -> {});
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // A collection may fail; it must not delete what is needed.
        }
    }

    /** When all sites are there and honest again, whatever was acknowledged can be read. */
    private void readAtLast(ObjectStore objects) throws IOException {
        long start = tasks.elapsedNanos();
        try (Source source = objects.open(NAME, Freshness.PROVEN)) {
            history.read(value(source), start, tasks.elapsedNanos());
        } catch (ObjectNotFoundException e) {
            history.read(RegisterHistory.NOTHING, start, tasks.elapsedNanos());
        }
    }

    private long value(Source source) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(valueBytes);
        source.readFullyAt(0, read);
        return read.getLong(0);
    }

    private void read(ObjectStore objects) throws IOException {
        long start = tasks.elapsedNanos();
        try (Source source = objects.open(NAME, Freshness.PROVEN)) {
            assertThat(source.info().proven()).isTrue();
            history.read(value(source), start, tasks.elapsedNanos());
            succeeded++;
        } catch (ObjectNotFoundException e) {
            history.read(RegisterHistory.NOTHING, start, tasks.elapsedNanos());
            succeeded++;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // A read may fail; it must not be wrong.
        }
    }

    /** An object that nobody changes is in every listing. */
    private void list(ObjectStore objects) throws IOException {
        try {
            assertThat(objects.list(new ListQuery(null, false, null, 10, Freshness.PROVEN))
                            .entries())
                    .anySatisfy(entry -> assertThat(entry.name()).isEqualTo(STABLE));
            succeeded++;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // As a read.
        }
    }

    /** Lets sites go away and come back, f_w at a time, and f sites lie. */
    private boolean disturb() throws IOException {
        List<FaultyStore> away = new ArrayList<>();
        while (!over) {
            tasks.pause(Duration.ofMillis(1 + draws.nextInt(4000)));
            if (away.size() < profile.awayWhileWriting() && draws.nextBoolean()) {
                FaultyStore machine = machines.get(draws.nextInt(machines.size()));
                machine.goAway();
                away.add(machine);
            } else if (!away.isEmpty()) {
                away.remove(0).comeBack();
            }
            for (int i = 0; i < profile.faults(); i++) {
                lie(liars.get(i));
            }
        }
        return true;
    }

    private void lie(LyingStore liar) throws IOException {
        int salt = draws.nextInt();
        switch (draws.nextInt(7)) {
            case 0 -> liar.hide(key -> true);
            case 1 -> liar.hide(key -> isRecord(key) && (key.hashCode() ^ salt) % 2 == 0);
            case 2 -> liar.freezeListing();
            case 3 -> liar.alter(key -> true, (offset, value) -> offset % 50 == salt % 50 ? (byte) ~value : value);
            case 4 -> liar.lose(key -> (key.hashCode() ^ salt) % 2 == 0);
            default -> liar.beHonest();
        }
    }

    private static boolean isRecord(BlobKey key) {
        return key.value().contains("/h/") || key.value().contains("/r/");
    }
}
