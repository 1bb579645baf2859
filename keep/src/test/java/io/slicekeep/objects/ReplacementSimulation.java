package io.slicekeep.objects;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.PreconditionFailedException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.kms.local.Argon2Cost;
import io.slicekeep.kms.local.PassphraseProvider;
import io.slicekeep.membership.Candidate;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Founding;
import io.slicekeep.membership.KeepId;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.MembershipChange;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.Order;
import io.slicekeep.membership.Search;
import io.slicekeep.object.Condition;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.record.Means;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.FaultyStore;
import io.slicekeep.testkit.ForwardingStore;
import io.slicekeep.testkit.RegisterHistory;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Several processes, each opened once and at some time from a file of the keep's first day, write, delete and read a few names,
 * while one site after the other is replaced, added or removed, or the profile changed, by processes that may stop anywhere; some
 * of that is given up. A site that has gone is switched off at once, or in the end. No process is closed: what one left under way may still arrive. What the
 * clients were told must be explained by one register for each name, and nothing may be lost.
 */
final class ReplacementSimulation {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration SITE_PATIENCE = Duration.ofSeconds(3);
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(20),
            new Patience(SITE_PATIENCE, SITE_PATIENCE, Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final List<ObjectName> NAMES =
            List.of(ObjectName.of("a"), ObjectName.of("photos/cat"), ObjectName.of("photos/dog"));

    private final SimulatedTasks tasks;
    private final Profile profile;
    private final NamespaceMode mode;
    private final int valueBytes;
    private final SplittableRandom draws;
    private final KeyRing keys;
    private final KeepId keepId;
    private final Map<String, MemoryStore> stores = new TreeMap<>();
    private final Set<String> off = new TreeSet<>();
    private final Set<String> left = new TreeSet<>();
    private final Map<String, String> addresses = new TreeMap<>();
    private final Map<ObjectName, RegisterHistory> histories = new TreeMap<>();
    private final AtomicInteger values = new AtomicInteger();
    private Profile now;
    private int failed;

    ReplacementSimulation(SimulatedTasks tasks, Profile profile, NamespaceMode mode, int valueBytes)
            throws IOException {
        this.tasks = tasks;
        this.profile = profile;
        this.mode = mode;
        this.now = profile;
        this.valueBytes = valueBytes;
        this.draws =
                new SplittableRandom(ByteBuffer.wrap(tasks.random().bytes(8)).getLong());
        this.keys = KeyRing.of(PassphraseProvider.of("pw".toCharArray(), new Argon2Cost(8, 1, 1), tasks.random()));
        NAMES.forEach(name -> histories.put(name, new RegisterHistory()));
        List<Founding.Plot> plots = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            String name = Character.toString('a' + i);
            addresses.put(name, "/0/" + name);
            stores.put("/0/" + name, new MemoryStore());
            plots.add(new Founding.Plot(name, "/0/" + name, at("/0/" + name, Faults.none())));
        }
        this.keepId = new Founding(tasks, tasks.random(), SITE_PATIENCE).found(profile, LEASE, mode, plots, keys);
    }

    /** Runs it, and returns how many operations failed. */
    int run(int clients, int replacements) throws IOException {
        try (TaskGroup<Boolean> group = tasks.group()) {
            for (int i = 0; i < clients; i++) {
                group.fork(i, this::live);
            }
            group.fork(clients, () -> changeSome(replacements));
            for (int ended = 0; ended <= clients; ended++) {
                assertThat(group.next(tasks.deadline(Duration.ofDays(1)))).isNotNull();
            }
        }
        off.addAll(left);
        requireWhole();
        return failed;
    }

    private Membership open(Tasks own, Faults faults) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            String name = Character.toString('a' + i);
            candidates.add(new Candidate(Optional.of(name), "/0/" + name, () -> at("/0/" + name, faults)));
        }
        Means means = new Means(own, new SeededRandom(draws.nextLong()), TIMING);
        Search search =
                new Search(Optional.of(keepId), candidates, address -> at(address, faults), means, SITE_PATIENCE);
        return Membership.open(search, 1, key -> true, keys);
    }

    private BlobStore at(String address, Faults faults) throws IOException {
        MemoryStore store = stores.get(address);
        if (store == null) {
            throw new UnavailableException("nothing is there");
        }
        Faults both = call -> off.contains(address) ? Faults.Fault.BEFORE : faults.next(call);
        return new FaultyStore(tasks.store(address, new Machine(store)), both);
    }

    private NamespaceObjects objects(Membership membership, Tasks own) throws IOException {
        NamespaceEntry namespace = membership.configuration().namespaces().get(0);
        Facilities facilities = new Facilities(
                new SlicedDispersal(own, TIMING.patience()), own, new SeededRandom(draws.nextLong()), TIMING);
        try (OpenSecret secret = membership.namespaceSecret(namespace)) {
            byte[] id = HexFormat.of().parseHex(namespace.id());
            return switch (mode) {
                case LWW -> NamespaceObjects.open(membership, id, secret, facilities);
                case CONDITIONAL -> NamespaceObjects.openConditional(membership, id, secret, facilities);
            };
        }
    }

    private RegisterHistory history(ObjectName name) {
        return requireNonNull(histories.get(name));
    }

    private boolean live() throws IOException {
        tasks.pause(Duration.ofMillis(draws.nextInt(10_000)));
        Tasks own = tasks.withWallClock(Duration.ofMillis(draws.nextInt(-2000, 2000)));
        NamespaceObjects objects = objects(open(own, Faults.none()), own);
        for (int i = 0; i < 12; i++) {
            tasks.pause(Duration.ofMillis(draws.nextInt(4) == 0 ? draws.nextInt(15_000) : draws.nextInt(300)));
            ObjectName name = NAMES.get(draws.nextInt(NAMES.size()));
            switch (draws.nextInt(5)) {
                case 0 -> write(objects, name, nextValue());
                case 1 -> {
                    if (mode == NamespaceMode.CONDITIONAL) {
                        change(objects, name);
                    } else {
                        write(objects, name, nextValue());
                    }
                }
                case 2 -> write(objects, name, RegisterHistory.NOTHING);
                default -> read(objects, name);
            }
        }
        return true;
    }

    private long nextValue() {
        return values.incrementAndGet();
    }

    private boolean changeSome(int changes) throws IOException {
        for (int i = 1; i <= changes; i++) {
            tasks.pause(Duration.ofMillis(draws.nextInt(3000)));
            boolean larger = now.sites() > profile.sites();
            switch (draws.nextInt(6)) {
                case 0, 1 -> replaceOne(i);
                case 2, 3 -> reshape(i);
                default -> {
                    if (larger) {
                        removeOne();
                    } else {
                        addOne(i);
                    }
                }
            }
        }
        return true;
    }

    private void replaceOne(int number) throws IOException {
        String site = anyMember();
        String address = newStore(number, site);
        Departure departure = departure();
        if (change(faults -> Order.replace(site, arrival(address, faults), departure))) {
            leave(site);
            addresses.put(site, address);
        } else {
            off.add(address);
        }
    }

    private void addOne(int number) throws IOException {
        String site = "new" + number;
        String address = newStore(number, site);
        Profile next = draw(now.dataSlices(), now.paritySlices() + 1);
        if (change(faults -> Order.add(site, arrival(address, faults), next))) {
            addresses.put(site, address);
            now = next;
        } else {
            off.add(address);
        }
    }

    private void removeOne() throws IOException {
        String site = anyMember();
        Profile next = draw(now.dataSlices(), now.paritySlices() - 1);
        Departure departure = departure();
        if (change(faults -> Order.remove(site, departure, next))) {
            leave(site);
            addresses.remove(site);
            now = next;
        }
    }

    private void reshape(int number) throws IOException {
        int dataSlices = draws.nextBoolean() ? now.dataSlices() : draws.nextInt(2, now.sites() - 1);
        Profile next = draw(dataSlices, now.sites() - dataSlices);
        boolean spared = isSpared(now) && isSpared(next) && dataSlices != now.dataSlices();
        if (spared && draws.nextInt(3) == 0) {
            loseOneMeanwhile(next, number);
        } else if (change(faults -> Order.reshape(next))) {
            now = next;
        }
    }

    /** A site is gone for good when k has begun to change. */
    private void loseOneMeanwhile(Profile next, int number) throws IOException {
        for (int attempt = 0; !isBegun(next); attempt++) {
            assertThat(attempt).isLessThan(30);
        }
        String site = anyMember();
        String address = newStore(number, site);
        off.add(requireNonNull(addresses.get(site)));
        assertThat(change(faults -> Order.replace(site, arrival(address, faults), Departure.LOST)))
                .isTrue();
        addresses.put(site, address);
        now = next;
    }

    /** Begins a change, and stops before or while all is sliced anew. */
    private boolean isBegun(Profile next) throws IOException {
        Membership membership = open(tasks, Faults.none());
        int names = draws.nextInt(NAMES.size());
        MembershipChange.Copying copying = joint -> {
            AtomicInteger filled = new AtomicInteger();
            objects(membership, tasks).fillIncoming(joint, () -> {
                if (filled.incrementAndGet() > names) {
                    throw new IllegalStateException("killed");
                }
            });
            throw new UnavailableException("killed");
        };
        try {
            new MembershipChange(membership, copying, duration -> {}).run(Order.reshape(next));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            // It stopped.
        }
        return open(tasks, Faults.none()).configuration().transition().isPresent();
    }

    /** Draws a profile that may follow. */
    private Profile draw(int dataSlices, int parity) {
        while (true) {
            int faults = draws.nextInt(Math.max(now.dataSlices() - 1, now.faults()) + 1);
            try {
                return new Profile(dataSlices, parity, faults, draws.nextInt(parity + 1));
            } catch (IllegalArgumentException e) {
                // It promises more than it can keep; draw another one.
            }
        }
    }

    /** A site may be declared lost only if what was acknowledged stands without it, and nobody is to lie besides. */
    private Departure departure() {
        return isSpared(now) && draws.nextInt(4) == 0 ? Departure.LOST : Departure.SERVING;
    }

    private static boolean isSpared(Profile profile) {
        return profile.faults() == 0 && profile.writeQuorum() > profile.dataSlices();
    }

    private String anyMember() {
        return List.copyOf(addresses.keySet()).get(draws.nextInt(addresses.size()));
    }

    private String newStore(int number, String site) {
        String address = "/" + number + "/" + site;
        stores.put(address, new MemoryStore());
        return address;
    }

    private Order.Arrival arrival(String address, Faults faults) {
        try {
            return new Order.Arrival(address, at(address, faults));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void leave(String site) {
        (draws.nextInt(3) == 0 ? off : left).add(requireNonNull(addresses.get(site)));
    }

    /** Tells whether it is done; what was begun may be given up instead. */
    private boolean change(Function<Faults, Order> order) throws IOException {
        for (int attempt = 0; !changed(order); attempt++) {
            assertThat(attempt).isLessThan(30);
            if (draws.nextInt(4) == 0 && isGivenUp()) {
                return false;
            }
        }
        return true;
    }

    private boolean isGivenUp() throws IOException {
        Membership membership = open(tasks, Faults.none());
        Configuration begun = membership.configuration();
        try {
            new MembershipChange(membership, joint -> {}, duration -> {}).giveUp(begun.siteThatChanges());
            return true;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }

    /** Does it in a process that may stop at any call. */
    private boolean changed(Function<Faults, Order> order) throws IOException {
        int lifetime = draws.nextBoolean() ? draws.nextInt(500) : Integer.MAX_VALUE;
        AtomicInteger calls = new AtomicInteger();
        Faults mortal = call -> calls.getAndIncrement() >= lifetime ? Faults.Fault.BEFORE : Faults.Fault.NONE;
        try {
            Membership membership = open(tasks, mortal);
            MembershipChange.Copying copying =
                    joint -> objects(membership, tasks).fillIncoming(joint, () -> {});
            new MembershipChange(membership, copying, duration -> {}).run(order.apply(mortal));
            return true;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }

    private void write(NamespaceObjects objects, ObjectName name, long value) throws IOException {
        RegisterHistory history = history(name);
        long start = tasks.elapsedNanos();
        try {
            if (value == RegisterHistory.NOTHING) {
                objects.delete(name);
            } else {
                put(objects, name, value, Condition.NONE);
            }
            history.wrote(value, start, tasks.elapsedNanos());
        } catch (OutcomeUnknownException e) {
            failed++;
            history.mayHaveWritten(value, start);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failed++;
            history.didNotWrite(value);
        }
    }

    private void put(NamespaceObjects objects, ObjectName name, long value, Condition condition) throws IOException {
        try (Sink sink = objects.create(name, PutOptions.NONE.when(condition))) {
            sink.write(ByteBuffer.allocate(valueBytes).putLong(0, value));
            dawdle();
            sink.commit();
        }
    }

    /** Reads, and writes if what was read is still there then. */
    private void change(NamespaceObjects objects, ObjectName name) throws IOException {
        RegisterHistory history = history(name);
        long value = nextValue();
        long seen = RegisterHistory.NOTHING;
        long start = tasks.elapsedNanos();
        try {
            Condition unchanged = Condition.IF_ABSENT;
            try (Source source = objects.open(name, Freshness.PROVEN)) {
                seen = value(source);
                unchanged = Condition.ifMatch(source.info().etag());
            } catch (ObjectNotFoundException e) {
                // There is nothing, and there shall be nothing still.
            }
            put(objects, name, value, unchanged);
            history.changed(seen, value, start, tasks.elapsedNanos());
        } catch (OutcomeUnknownException e) {
            failed++;
            history.mayHaveChanged(seen, value, start);
        } catch (PreconditionFailedException e) {
            history.didNotWrite(value);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failed++;
            history.didNotWrite(value);
        }
    }

    private long value(Source source) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(valueBytes);
        source.readFullyAt(0, read);
        return read.getLong(0);
    }

    /** An upload may outlast leases. */
    private void dawdle() throws IOException {
        tasks.pause(Duration.ofMillis(draws.nextInt(3) == 0 ? draws.nextInt(9000) : 0));
    }

    private void read(NamespaceObjects objects, ObjectName name) throws IOException {
        try {
            readWhole(objects, name);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failed++;
        }
    }

    private void readWhole(NamespaceObjects objects, ObjectName name) throws IOException {
        RegisterHistory history = history(name);
        long start = tasks.elapsedNanos();
        try (Source source = objects.open(name, Freshness.PROVEN)) {
            history.read(value(source), start, tasks.elapsedNanos());
        } catch (ObjectNotFoundException e) {
            history.read(RegisterHistory.NOTHING, start, tasks.elapsedNanos());
        }
    }

    /** Whoever comes now, with the first file, finds everything, and it stands on enough of the sites that are left. */
    private void requireWhole() throws IOException {
        NamespaceObjects objects = objects(open(tasks, Faults.none()), tasks);
        for (ObjectName name : NAMES) {
            readWhole(objects, name);
            assertThat(history(name).isLinearizable())
                    .as("%s\n%s", name, history(name))
                    .isTrue();
            try {
                int good = objects.inspect(name, Depth.DEEP).goodSlices();
                assertThat(good).as("slices of %s", name).isGreaterThanOrEqualTo(now.writeQuorum());
            } catch (ObjectNotFoundException e) {
                // It was deleted.
            }
        }
    }

    /** A store that stays when a process goes that used it: what that left under way may still arrive. */
    private static final class Machine extends ForwardingStore {
        Machine(BlobStore below) {
            super(below);
        }

        @Override
        public void close() {}
    }
}
