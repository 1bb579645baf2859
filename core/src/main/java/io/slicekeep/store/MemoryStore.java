package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.BlobNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests, caches and examples. Its blobs last as long as a store over them does: {@link #share()}
 * gives a second one, as a second process would open a directory again. Thread-safe.
 */
public final class MemoryStore implements CopyingBlobStore, ConditionalBlobStore, TidyBlobStore {
    private static final String WRITE = "write-";

    private final ConcurrentNavigableMap<String, MemoryBlob> blobs;
    private final Map<String, BlobKey> unfinished;
    private final AtomicLong writes;
    private volatile boolean closed;

    /** Creates an empty store. */
    public MemoryStore() {
        this(new ConcurrentSkipListMap<>(), new ConcurrentHashMap<>(), new AtomicLong());
    }

    private MemoryStore(
            ConcurrentNavigableMap<String, MemoryBlob> blobs, Map<String, BlobKey> unfinished, AtomicLong writes) {
        this.blobs = blobs;
        this.unfinished = unfinished;
        this.writes = writes;
    }

    /**
     * Returns another store over the same blobs, which is closed on its own.
     *
     * @return an open store, even if this one is closed
     */
    public MemoryStore share() {
        return new MemoryStore(blobs, unfinished, writes);
    }

    /**
     * Returns another store, with the blobs that stand here now. What happens to either does not show in the other.
     *
     * @return an open store without unfinished writes, even if this one is closed
     */
    public MemoryStore snapshot() {
        return new MemoryStore(new ConcurrentSkipListMap<>(blobs), new ConcurrentHashMap<>(), new AtomicLong());
    }

    @Override
    public BlobSink create(BlobKey key) throws BlobExistsException {
        requireOpen();
        requireAbsent(key, blobs.get(key.value()));
        String write = WRITE + writes.incrementAndGet();
        unfinished.put(write, key);
        return new MemorySink(
                blob -> {
                    requireOpen();
                    publish(write, key, blob);
                },
                () -> unfinished.remove(write));
    }

    private void publish(String write, BlobKey key, MemoryBlob blob) throws IOException {
        if (unfinished.remove(write) == null) {
            throw new NoSuchFileException(write, null, "it was ended before the blob was committed");
        }
        requireAbsent(key, blobs.putIfAbsent(key.value(), blob));
    }

    @Override
    public Set<String> unfinished(KeyPrefix prefix) {
        requireOpen();
        return unfinished.entrySet().stream()
                .filter(write -> prefix.matches(write.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public void endUnfinished(String name) {
        requireOpen();
        if (!name.startsWith(WRITE)) {
            throw new IllegalArgumentException("no name of an unfinished write: " + name);
        }
        unfinished.remove(name);
    }

    @Override
    public BlobSource open(BlobKey key) throws BlobNotFoundException {
        return new MemorySource(find(key));
    }

    @Override
    public void delete(BlobKey key) {
        requireOpen();
        blobs.remove(key.value());
    }

    @Override
    public void copy(BlobKey from, BlobKey to) throws BlobNotFoundException, BlobExistsException {
        requireAbsent(to, blobs.putIfAbsent(to.value(), find(from)));
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) {
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1: limit=" + limit);
        }
        List<BlobKey> page = new ArrayList<>();
        for (String key : from(prefix, after).keySet()) {
            if (!key.startsWith(prefix.value())) {
                break;
            }
            if (page.size() == limit) {
                return new Listing(page, true);
            }
            page.add(BlobKey.of(key));
        }
        return new Listing(page, false);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "memory";
    }

    /** The blobs from the first that the prefix or {@code after} allows; those with the prefix stand together. */
    private ConcurrentNavigableMap<String, MemoryBlob> from(KeyPrefix prefix, @Nullable BlobKey after) {
        if (after != null && after.value().compareTo(prefix.value()) >= 0) {
            return blobs.tailMap(after.value(), false);
        }
        return blobs.tailMap(prefix.value(), true);
    }

    private MemoryBlob find(BlobKey key) throws BlobNotFoundException {
        requireOpen();
        MemoryBlob blob = blobs.get(key.value());
        if (blob == null) {
            throw new BlobNotFoundException("no blob " + key + " in memory");
        }
        return blob;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    private static void requireAbsent(BlobKey key, @Nullable MemoryBlob found) throws BlobExistsException {
        if (found != null) {
            throw new BlobExistsException("blob " + key + " already exists in memory");
        }
    }
}
