package io.slicekeep.site;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.error.UnavailableException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store of a site that is not called: it says why to whoever does, so that it is never taken for an empty one. Immutable. */
public final class AwayStore implements BlobStore {
    private final Supplier<SlicekeepException> refusal;

    private AwayStore(Supplier<SlicekeepException> refusal) {
        this.refusal = refusal;
    }

    /**
     * Creates the store of a site that is away.
     *
     * @param reason why it is away, with the remedy
     */
    public AwayStore(String reason) {
        this(() -> new UnavailableException("away: " + reason));
    }

    /**
     * Returns the store of a site that is known not to have what is wanted: nobody waits for what it might say.
     *
     * @param reason how that is known
     * @return the store
     */
    public static AwayStore leftOut(String reason) {
        return new AwayStore(() -> new BlobNotFoundException(reason));
    }

    @Override
    public BlobSink create(BlobKey key) throws SlicekeepException {
        throw refusal.get();
    }

    @Override
    public BlobSource open(BlobKey key) throws SlicekeepException {
        throw refusal.get();
    }

    @Override
    public void delete(BlobKey key) throws SlicekeepException {
        throw refusal.get();
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws SlicekeepException {
        throw refusal.get();
    }

    @Override
    public void close() {}
}
