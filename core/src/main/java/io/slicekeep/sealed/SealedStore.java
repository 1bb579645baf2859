package io.slicekeep.sealed;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Encrypts the blobs of another store, each bound to its key in the store. */
final class SealedStore implements BlobStore {
    private final BlobStore store;
    private final KeyRing keys;
    private final SealOptions options;

    SealedStore(BlobStore store, KeyRing keys, SealOptions options) {
        this.store = store;
        this.keys = keys;
        this.options = options;
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        BlobSink target = store.create(key);
        try {
            return new SealedSink(target, SlottedBlob.seal(target, keys, options.withContext(contextOf(key))));
        } catch (IOException | RuntimeException e) {
            Closing.after(e, target);
            throw e;
        }
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        BlobSource source = store.open(key);
        try {
            return SealedSource.open(source, keys, contextOf(key));
        } catch (IOException | RuntimeException e) {
            Closing.after(e, source);
            throw e;
        }
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        store.delete(key);
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        return store.list(prefix, after, limit);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    @Override
    public String toString() {
        return "sealed " + store;
    }

    /** The key in the store is part of what a blob is bound to, so that swapped blobs do not open. */
    private KeyContext contextOf(BlobKey key) {
        return options.context().withReserved("key", key.value());
    }
}
