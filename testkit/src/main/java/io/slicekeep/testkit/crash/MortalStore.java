package io.slicekeep.testkit.crash;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.ForwardingSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store as a process sees it that may stop before each of its calls, and after those that change something. */
final class MortalStore implements CopyingBlobStore, TidyBlobStore {
    private final MortalProcess process;
    private final String name;
    private final MemoryStore below;

    MortalStore(MortalProcess process, String name, MemoryStore below) {
        this.process = process;
        this.name = name;
        this.below = below;
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        call("create", key);
        return new Sink(key, below.create(key));
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        call("open", key);
        return below.open(key);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        call("delete", key);
        below.delete(key);
        call("deleted", key);
    }

    @Override
    public void copy(BlobKey from, BlobKey to) throws IOException {
        call("copy", to);
        below.copy(from, to);
        call("copied", to);
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        call("list", prefix);
        return below.list(prefix, after, limit);
    }

    @Override
    public Set<String> unfinished() throws IOException {
        call("unfinished", "");
        return below.unfinished();
    }

    @Override
    public void endUnfinished(String write) throws IOException {
        call("end", write);
        below.endUnfinished(write);
        call("ended", write);
    }

    @Override
    public void close() {
        below.close();
    }

    @Override
    public String toString() {
        return name;
    }

    private void call(String what, Object key) throws IOException {
        process.call(name + " " + what + " " + key);
    }

    private final class Sink extends ForwardingSink {
        private final BlobKey key;

        Sink(BlobKey key, BlobSink below) {
            super(below);
            this.key = key;
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            call("write", key);
            return super.write(src);
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            call("write", key);
            super.write(srcs, count);
        }

        @Override
        public void commit() throws IOException {
            call("commit", key);
            super.commit();
            call("committed", key);
        }
    }
}
