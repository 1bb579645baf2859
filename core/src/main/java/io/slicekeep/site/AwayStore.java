package io.slicekeep.site;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.UnavailableException;
import org.jspecify.annotations.Nullable;

/** The store of a site that is away: it says why to whoever calls, so that it is never taken for an empty one. Immutable. */
public final class AwayStore implements BlobStore {
    private final String message;

    /**
     * Creates the store of a site that is away.
     *
     * @param reason why it is away, with the remedy
     */
    public AwayStore(String reason) {
        this.message = "away: " + reason;
    }

    @Override
    public BlobSink create(BlobKey key) throws UnavailableException {
        throw away();
    }

    @Override
    public BlobSource open(BlobKey key) throws UnavailableException {
        throw away();
    }

    @Override
    public void delete(BlobKey key) throws UnavailableException {
        throw away();
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws UnavailableException {
        throw away();
    }

    @Override
    public void close() {}

    private UnavailableException away() {
        return new UnavailableException(message);
    }
}
