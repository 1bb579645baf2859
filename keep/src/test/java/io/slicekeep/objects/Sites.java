package io.slicekeep.objects;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.scrub.Scrub;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubListener.Finding;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubReport;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.FaultyStore;
import io.slicekeep.testkit.HookedStore;
import io.slicekeep.testkit.LyingStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The sites of one namespace, each of which can be counted, fail, go away and lie. All work runs in the caller's thread, one
 * site after the other, so that nothing goes on behind.
 */
final class Sites implements AutoCloseable {
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(20),
            new Patience(
                    Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofMillis(500)));

    private final ExecutorTasks tasks = ExecutorTasks.on(Runnable::run);
    private final List<MemoryStore> disks = new ArrayList<>();
    private final List<LyingStore> liars = new ArrayList<>();
    private final List<HookedStore> hooks = new ArrayList<>();
    private final List<FaultyStore> faults = new ArrayList<>();
    private final Profile profile;
    private final World world;
    private final NamespaceObjects objects;

    Sites(Profile profile) {
        this(profile, NamespaceMode.LWW);
    }

    Sites(Profile profile, NamespaceMode mode) {
        this(profile, mode, RandomSource.secure());
    }

    Sites(Profile profile, NamespaceMode mode, RandomSource random) {
        this.profile = profile;
        for (int i = 0; i < profile.sites(); i++) {
            addSite();
        }
        world = new World(profile, faults, mode);
        objects = world.open(tasks, random, TIMING);
    }

    private void addSite() {
        disks.add(new MemoryStore());
        liars.add(new LyingStore(disks.get(disks.size() - 1)));
        hooks.add(new HookedStore(liars.get(liars.size() - 1)));
        faults.add(new FaultyStore(hooks.get(hooks.size() - 1), Faults.none()));
    }

    /** Begins to replace site b: the one that comes is the last, in epoch 2. */
    void join(Departure departure) {
        addSite();
        world.join(departure, faults.get(profile.sites()));
    }

    /** Begins to add a site, the last, in epoch 2. */
    void grow() {
        addSite();
        world.grow(faults.get(profile.sites()));
    }

    /** Brings everything to the site that comes. */
    void fill() throws IOException {
        objects.fillIncoming(world.layout(), () -> {});
    }

    /** Ends the replacement, in epoch 3: the site that came is b. */
    void release() {
        int coming = profile.sites();
        disks.set(1, disks.remove(coming));
        liars.set(1, liars.remove(coming));
        hooks.set(1, hooks.remove(coming));
        faults.set(1, faults.remove(coming));
        world.release();
    }

    void confirmsOnly(int times) {
        world.confirmsOnly(times);
    }

    ObjectStore objects() {
        return objects;
    }

    /** Scrubs without keys; notes what it finds and how far it comes. */
    ScrubReport scrub(ScrubOptions options, List<Finding> findings, List<String> cursors) throws IOException {
        ScrubListener listener = new ScrubListener() {
            @Override
            public void found(Finding finding) {
                findings.add(finding);
            }

            @Override
            public void reached(String cursor, ScrubReport soFar) {
                cursors.add(cursor);
            }
        };
        Scrub.Place place = new Scrub.Place(
                new World(profile, faults).layout(),
                new SlicedDispersal(tasks, TIMING.patience()),
                tasks,
                TIMING.patience().siteTimeout());
        return new Scrub(place, options, listener).run(List.of("0".repeat(32)));
    }

    FaultyStore site(int index) {
        return faults.get(index);
    }

    LyingStore liar(int index) {
        return liars.get(index);
    }

    HookedStore hook(int index) {
        return hooks.get(index);
    }

    /** Returns how many sites there are. */
    int count() {
        return disks.size();
    }

    long count(HookedStore.Call call) {
        return hooks.stream().mapToLong(hook -> hook.count(call)).sum();
    }

    /** Returns how many sinks and sources are open at all sites. */
    long leftOpen() {
        return hooks.stream().mapToLong(HookedStore::leftOpen).sum();
    }

    void away(int... indexes) {
        for (int i : indexes) {
            faults.get(i).goAway();
        }
    }

    void back(int... indexes) {
        for (int i : indexes) {
            faults.get(i).comeBack();
        }
    }

    /** Returns what a site's disk holds beneath one of its folders: "h/" or "b/"; no notes. */
    List<BlobKey> keys(int index, String folder) throws IOException {
        return all(index, folder).stream()
                .filter(key -> !key.value().contains("!ok!"))
                .toList();
    }

    /** Returns the notes on a site's disk. */
    List<BlobKey> notes(int index) throws IOException {
        return all(index, "h/").stream()
                .filter(key -> key.value().contains("!ok!"))
                .toList();
    }

    void dropNotes() throws IOException {
        for (int site = 0; site < disks.size(); site++) {
            for (BlobKey note : notes(site)) {
                delete(site, note);
            }
        }
    }

    private List<BlobKey> all(int index, String folder) throws IOException {
        return disks.get(index).list(KeyPrefix.ALL, null, 100_000).keys().stream()
                .filter(key -> key.value().substring("n/".length() + 33).startsWith(folder))
                .toList();
    }

    /** Replaces what stands on a site's disk under a key. */
    void overwrite(int index, BlobKey key, byte[] bytes) throws IOException {
        disks.get(index).delete(key);
        try (BlobSink sink = disks.get(index).create(key)) {
            sink.write(ByteBuffer.wrap(bytes));
            sink.commit();
        }
    }

    byte[] bytes(int index, BlobKey key) throws IOException {
        try (BlobSource source = disks.get(index).open(key)) {
            ByteBuffer all = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, all);
            return all.array();
        }
    }

    /** Deletes something from a site's disk. */
    void delete(int index, BlobKey key) {
        disks.get(index).delete(key);
    }

    /** Deletes all that a site has. */
    void wipe(int index) throws IOException {
        for (String folder : List.of("h/", "b/")) {
            all(index, folder).forEach(key -> delete(index, key));
        }
    }

    /** Flips a bit of everything that a site has beneath a folder. */
    void rot(int index, String folder) throws IOException {
        for (BlobKey key : keys(index, folder)) {
            byte[] bytes = bytes(index, key);
            bytes[bytes.length / 2] ^= 1;
            overwrite(index, key, bytes);
        }
    }

    WriteReport put(ObjectName name, byte[] bytes) throws IOException {
        try (Sink sink = objects.create(name, PutOptions.NONE)) {
            sink.write(ByteBuffer.wrap(bytes));
            return sink.commit();
        }
    }

    byte[] get(ObjectName name) throws IOException {
        return get(name, Freshness.PROVEN);
    }

    byte[] get(ObjectName name, Freshness freshness) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Source source = objects.open(name, freshness)) {
            source.transferTo(Channels.newChannel(all));
        }
        return all.toByteArray();
    }

    /** Returns all names that begin with a prefix. */
    List<ObjectName> list(String prefix) throws IOException {
        ListQuery query =
                new ListQuery(prefix.isEmpty() ? null : ObjectName.of(prefix), false, null, 1000, Freshness.PROVEN);
        return objects.list(query).entries().stream().map(ObjectEntry::name).toList();
    }

    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        objects.close();
        tasks.close();
    }
}
