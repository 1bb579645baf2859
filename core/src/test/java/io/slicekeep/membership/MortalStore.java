package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.probe.StoreProbe;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store as a process sees it that dies after some changes, at whichever stores: from then on nothing is heard of it. */
record MortalStore(BlobStore store, AtomicInteger changesLeft) implements BlobStore {
    @Override
    public BlobSink create(BlobKey key) throws IOException {
        change(key);
        return store.create(key);
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        return store.open(key);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        change(key);
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

    /** What a probe leaves means nothing to anybody, so it makes no difference where in it the process dies. */
    private void change(BlobKey key) throws IOException {
        if (!StoreProbe.FOLDER.matches(key) && changesLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            throw new IOException("the process has died");
        }
    }
}
