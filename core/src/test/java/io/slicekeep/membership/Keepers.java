package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.record.Means;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A keep of stores in memory, founded and ready to be tampered with. */
final class Keepers implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Timing TIMING =
            new Timing(Duration.ofMinutes(2), new Patience(PATIENCE, PATIENCE, PATIENCE, Duration.ofMillis(10)));
    static final Predicate<KeyUri> ANY_KEY = uri -> true;

    final ExecutorTasks tasks = ExecutorTasks.create();
    final RandomSource random;
    final Profile profile;
    final List<MemoryStore> stores = new ArrayList<>();
    final Map<String, MemoryStore> addresses = new HashMap<>();
    final KeepId keepId;

    /** Founds a keep whose sites are called a, b, c... */
    Keepers(Profile profile, KeyRing keys, long seed) throws IOException {
        this(profile, Terms.DEFAULT_LEASE, keys, seed);
    }

    Keepers(Profile profile, Duration lease, KeyRing keys, long seed) throws IOException {
        this.profile = profile;
        this.random = new Random(seed)::nextBytes;
        for (int i = 0; i < profile.sites(); i++) {
            stores.add(new MemoryStore());
        }
        this.keepId = founding().found(profile, lease, NamespaceMode.LWW, plots(), keys);
    }

    Founding founding() {
        return new Founding(tasks, random, PATIENCE);
    }

    List<Founding.Plot> plots() {
        List<Founding.Plot> plots = new ArrayList<>();
        for (int i = 0; i < stores.size(); i++) {
            plots.add(new Founding.Plot(name(i), "/sites/" + name(i), stores.get(i)));
        }
        return plots;
    }

    /** Returns the search of a keep file that is right. */
    Search search() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < stores.size(); i++) {
            candidates.add(candidate(name(i), stores.get(i)));
        }
        return search(candidates);
    }

    Search search(List<Candidate> candidates) {
        return search(Optional.of(keepId), candidates);
    }

    Search search(Optional<KeepId> which, List<Candidate> candidates) {
        return new Search(which, candidates, this::at, new Means(tasks, random, TIMING), PATIENCE);
    }

    /** Opens a store at the address that the configuration has for it. */
    private BlobStore at(String address) throws IOException {
        MemoryStore store = addresses.get(address);
        if (store == null) {
            throw new UnavailableException("nothing is there");
        }
        return store.share();
    }

    Membership open(Search search, KeyRing keys) throws IOException {
        return Membership.open(search, 1, ANY_KEY, keys);
    }

    static Candidate candidate(String name, MemoryStore store) {
        return new Candidate(Optional.of(name), "/sites/" + name, store::share);
    }

    static Candidate nameless(String address, MemoryStore store) {
        return new Candidate(Optional.empty(), address, store::share);
    }

    static String name(int index) {
        return String.valueOf((char) ('a' + index));
    }

    static List<BlobKey> keys(BlobStore store, KeyPrefix prefix) throws IOException {
        return store.list(prefix, null, 1000).keys();
    }

    /** Returns all blobs of a store. */
    static Map<String, byte[]> contents(BlobStore store) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (BlobKey key : keys(store, KeyPrefix.ALL)) {
            contents.put(key.value(), SmallBlob.read(store, key, Integer.MAX_VALUE));
        }
        return contents;
    }

    static void wipe(BlobStore store) throws IOException {
        for (BlobKey key : keys(store, KeyPrefix.ALL)) {
            store.delete(key);
        }
    }

    /** Replaces a blob, which only an attacker does. */
    static void overwrite(BlobStore store, BlobKey key, byte[] blob) throws IOException {
        store.delete(key);
        SmallBlob.write(store, key, blob);
    }

    @Override
    public void close() throws IOException {
        tasks.close();
    }
}
