package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.OutcomeUnknownException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A store whose calls are steps of a simulation. Closing is none: it happens while things unwind. */
class SimulatedStore extends ForwardingStore {
    private final SimulatedTasks.Stepping stepping;
    private final String name;

    SimulatedStore(SimulatedTasks.Stepping stepping, String name, BlobStore below) {
        super(below);
        this.stepping = stepping;
        this.name = name;
    }

    /** The same over a store that copies by itself. */
    static final class Copying extends SimulatedStore implements CopyingBlobStore {
        private final CopyingBlobStore below;

        Copying(SimulatedTasks.Stepping stepping, String name, CopyingBlobStore below) {
            super(stepping, name, below);
            this.below = below;
        }

        @Override
        public void copy(BlobKey from, BlobKey to) throws IOException {
            step("copy", from);
            below.copy(from, to);
            stepAfter("copied", to);
        }
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        step("create", key);
        return new Sink(key, super.create(key));
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        step("open", key);
        return new Source(key, super.open(key));
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        step("delete", key);
        super.delete(key);
        step("deleted", key);
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        step("list", prefix);
        return super.list(prefix, after, limit);
    }

    @Override
    public String toString() {
        return name;
    }

    final void step(String call, Object key) throws IOException {
        stepping.step(name + " " + call + " " + key);
    }

    /** Whoever is interrupted here does not learn that the blob stands. */
    final void stepAfter(String call, Object key) throws IOException {
        try {
            stepping.step(name + " " + call + " " + key);
        } catch (InterruptedIOException e) {
            throw new OutcomeUnknownException("interrupted in the middle of a write to " + name, e);
        }
    }

    private final class Sink extends ForwardingSink {
        private final BlobKey key;

        Sink(BlobKey key, BlobSink below) {
            super(below);
            this.key = key;
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            step("write", key);
            return super.write(src);
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            step("write", key);
            super.write(srcs, count);
        }

        @Override
        public void commit() throws IOException {
            step("commit", key);
            super.commit();
            stepAfter("committed", key);
        }
    }

    private final class Source extends ForwardingSource {
        private final BlobKey key;

        Source(BlobKey key, BlobSource below) {
            super(below);
            this.key = key;
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            step("read", key);
            return super.readAt(offset, dst);
        }
    }
}
