package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store in memory that breaks one promise, for testing whoever is to find that out. Thread-safe. */
public final class FickleStore extends ForwardingStore implements ConditionalBlobStore {
    /** What it breaks. */
    public enum Flaw {
        /** Nothing. */
        NONE,
        /** What was committed is listed only when something else was committed after it. */
        LISTS_LATE,
        /** What was deleted is listed and served once more. */
        DELETES_LATE,
        /** A read misses what was committed last. */
        READS_LATE,
        /** Each page is in disorder. */
        LISTS_IN_DISORDER,
        /** The last key of a page that is not the last page is left out. */
        LOSES_KEYS_BETWEEN_PAGES,
        /** What is being written can be read. */
        SHOWS_UNFINISHED,
        /** What was not committed stays. */
        KEEPS_ABORTED,
        /** Keys of more than 600 bytes are refused. */
        REFUSES_LONG_KEYS,
        /** Now and then two creations of a key succeed. */
        LOSES_RACES
    }

    private final MemoryStore below;
    private final Flaw flaw;
    private final Map<BlobKey, ByteBuffer> unfinished = new ConcurrentHashMap<>();
    private final AtomicInteger creations = new AtomicInteger();
    private volatile @Nullable BlobKey last;
    private volatile @Nullable BlobKey deleted;

    /**
     * Creates an empty store.
     *
     * @param flaw what it breaks
     */
    public FickleStore(Flaw flaw) {
        this(new MemoryStore(), flaw);
    }

    private FickleStore(MemoryStore below, Flaw flaw) {
        super(below);
        this.below = below;
        this.flaw = flaw;
    }

    /** Returns everything that stands, whatever the flaw. */
    List<BlobKey> keys() {
        return below.list(KeyPrefix.ALL, null, 10_000).keys();
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        if (flaw == Flaw.REFUSES_LONG_KEYS && key.value().length() > 600) {
            throw new IOException("name too long");
        }
        return new ForwardingSink(super.create(key)) {
            private boolean tried;

            @Override
            public int write(ByteBuffer src) throws IOException {
                unfinished.put(key, src.duplicate());
                return super.write(src);
            }

            @Override
            public void commit() throws IOException {
                tried = true;
                super.commit();
                unfinished.remove(key);
                last = key;
            }

            @Override
            public void close() throws IOException {
                if (!tried && flaw == Flaw.KEEPS_ABORTED) {
                    super.commit();
                }
                unfinished.remove(key);
                super.close();
            }
        };
    }

    @Override
    public void createIfAbsent(BlobKey key, ByteBuffer blob) throws IOException {
        try {
            ConditionalBlobStore.super.createIfAbsent(key, blob);
        } catch (BlobExistsException e) {
            if (flaw != Flaw.LOSES_RACES || creations.incrementAndGet() % 50 != 0) {
                throw e;
            }
        }
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        if (flaw == Flaw.READS_LATE && key.equals(last)) {
            last = null;
            throw new BlobNotFoundException("no blob " + key);
        }
        ByteBuffer part = flaw == Flaw.SHOWS_UNFINISHED ? unfinished.get(key) : null;
        if (part != null) {
            try (MemoryStore shown = new MemoryStore()) {
                try (BlobSink sink = shown.create(key)) {
                    sink.write(part.duplicate());
                    sink.commit();
                }
                return shown.open(key);
            }
        }
        return super.open(key);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        deleted = key;
        super.delete(key);
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        Listing honest = super.list(prefix, after, limit);
        List<BlobKey> keys = new ArrayList<>(honest.keys());
        BlobKey gone = deleted;
        if (flaw == Flaw.LISTS_LATE) {
            keys.remove(last);
        } else if (flaw == Flaw.DELETES_LATE && gone != null && prefix.matches(gone)) {
            keys.add(gone);
            deleted = null;
        } else if (flaw == Flaw.LISTS_IN_DISORDER) {
            Collections.reverse(keys);
        } else if (flaw == Flaw.LOSES_KEYS_BETWEEN_PAGES && honest.more() && keys.size() > 1) {
            keys.remove(keys.size() - 2);
        }
        return new Listing(keys, honest.more() && !keys.isEmpty());
    }
}
