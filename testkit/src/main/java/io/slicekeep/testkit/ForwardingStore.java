package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A store that passes every call on, for others to change some of them. As thread-safe as the store below. */
public abstract class ForwardingStore implements BlobStore {
    private final BlobStore below;

    /**
     * Creates the store.
     *
     * @param below what calls are passed on to; closed with this store
     */
    protected ForwardingStore(BlobStore below) {
        this.below = below;
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        return below.create(key);
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        return below.open(key);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        below.delete(key);
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        return below.list(prefix, after, limit);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }
}
