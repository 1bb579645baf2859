package io.slicekeep.testkit;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** The n sites of a profile in memory, named a, b, c, ..., and what one does to the slices that lie there. */
final class Fleet {
    private static final long EPOCH = 7;

    private Profile profile;
    private final List<MemoryStore> memories = new ArrayList<>();
    private final List<HookedStore> hooked = new ArrayList<>();
    private final UnaryOperator<BlobStore> outside;
    private Layout layout;
    private int blobs;

    /** A fleet whose stores are each put into something, such as a simulation. */
    Fleet(Profile profile, UnaryOperator<BlobStore> outside) {
        this.profile = profile;
        this.outside = outside;
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            sites.add(new Site(i, name(i), newStore()));
        }
        this.layout = new Layout(profile, sites, EPOCH);
    }

    private BlobStore newStore() {
        MemoryStore memory = new MemoryStore();
        memories.add(memory);
        hooked.add(new HookedStore(memory));
        return outside.apply(hooked.get(hooked.size() - 1));
    }

    /** Begins to replace a member: the site that comes has the index n. */
    void join(int leaving, Departure departure) {
        int coming = profile.sites();
        layout = layout.joint(leaving, departure, name(coming), newStore(), layout.epoch() + 1);
    }

    /** Ends the replacement: the site that came has its member's index from now on. */
    void release() {
        Site coming = layout.sites().get(profile.sites());
        List<Site> sites = new ArrayList<>(layout.sites().subList(0, coming.index()));
        sites.set(coming.slice(), new Site(coming.slice(), coming.name(), coming.store()));
        memories.set(coming.slice(), memories.remove(coming.index()));
        hooked.set(coming.slice(), hooked.remove(coming.index()));
        layout = new Layout(profile, sites, layout.epoch() + 1);
    }

    /** Takes a member out, whose slice then lies nowhere: the members behind it move up. */
    void remove(int member) {
        memories.remove(member);
        hooked.remove(member);
        List<Site> rest = new ArrayList<>(layout.sites());
        rest.remove(member);
        become(profile.ofParity(profile.paritySlices() - 1), rest);
    }

    /** Puts a member behind the others, with a slice of its own. */
    void add() {
        List<Site> more = new ArrayList<>(layout.sites());
        more.add(new Site(more.size(), layout.cells(), "new", newStore()));
        become(profile.ofParity(profile.paritySlices() + 1), more);
    }

    private void become(Profile next, List<Site> members) {
        List<Site> sites = new ArrayList<>();
        members.forEach(site -> sites.add(new Site(sites.size(), site.slice(), site.name(), site.store())));
        profile = next;
        layout = new Layout(profile, sites, layout.epoch() + 1);
    }

    /** Returns where a blob that was placed in an earlier epoch lies now. */
    Spread now(Spread spread) {
        return new Spread(spread.base(), spread.blobId(), spread.dataSlices(), spread.epoch(), layout);
    }

    static String name(int index) {
        return index < 26 ? String.valueOf((char) ('a' + index)) : "s" + index;
    }

    Profile profile() {
        return profile;
    }

    HookedStore store(int index) {
        return hooked.get(index);
    }

    /** Returns where a fresh blob goes. */
    Spread spread() {
        byte[] id = new byte[BlobId.BYTES];
        new Random(blobs++).nextBytes(id);
        return layout.spread(BlobKey.of("b/blob" + blobs), BlobId.of(id));
    }

    /** Returns the same place as seen by a head of another epoch. */
    static Spread ofEpoch(Spread spread, long epoch) {
        return new Spread(spread.base(), spread.blobId(), spread.dataSlices(), epoch, spread.layout());
    }

    /** Writes a fresh blob and returns where it lies. */
    Spread write(Dispersal dispersal, byte[] blob) throws IOException {
        Spread spread = spread();
        try (DispersedSink sink = dispersal.create(spread)) {
            sink.write(ByteBuffer.wrap(blob));
            sink.commit();
        }
        return spread;
    }

    /** Reads a whole blob, piece by piece. */
    static byte[] read(Dispersal dispersal, Spread spread, long blobBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BlobSource source = dispersal.open(spread, blobBytes)) {
            source.transferTo(Channels.newChannel(bytes));
        }
        return bytes.toByteArray();
    }

    byte[] slice(Spread spread, int index) throws IOException {
        try (BlobSource source = memories.get(index).open(spread.sliceKey(index))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, bytes);
            return bytes.array();
        }
    }

    boolean holds(Spread spread, int index) throws IOException {
        try (BlobSource source = memories.get(index).open(spread.sliceKey(index))) {
            return source.length() > 0;
        } catch (BlobNotFoundException e) {
            return false;
        }
    }

    /** Returns how many blobs of any kind lie at all sites. */
    int heldBlobs() {
        return memories.stream()
                .mapToInt(
                        memory -> memory.list(KeyPrefix.ALL, null, 1000).keys().size())
                .sum();
    }

    /** Returns how many sinks and sources are open at all sites. */
    long leftOpen() {
        return hooked.stream().mapToLong(HookedStore::leftOpen).sum();
    }

    void delete(Spread spread, int index) {
        memories.get(index).delete(spread.sliceKey(index));
    }

    void replace(Spread spread, int index, byte[] slice) throws IOException {
        delete(spread, index);
        try (BlobSink sink = memories.get(index).create(spread.sliceKey(index))) {
            sink.write(ByteBuffer.wrap(slice));
            sink.commit();
        }
    }

    void flip(Spread spread, int index, long bit) throws IOException {
        byte[] slice = slice(spread, index);
        slice[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        replace(spread, index, slice);
    }
}
