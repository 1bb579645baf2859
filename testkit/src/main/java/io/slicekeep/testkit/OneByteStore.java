package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A store that does everything in the smallest steps that the contract allows: pages of one key, and bytes that travel one at
 * a time through the store below. For tests of what stands above or below. As thread-safe as the store below.
 */
public final class OneByteStore extends ForwardingStore {
    /**
     * Creates the store.
     *
     * @param below where blobs lie; closed with this store
     */
    public OneByteStore(BlobStore below) {
        super(below);
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        return new Sink(super.create(key));
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        return new Source(super.open(key));
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        return super.list(prefix, after, Math.min(1, limit));
    }

    private static final class Sink extends ForwardingSink {
        Sink(BlobSink below) {
            super(below);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            int count = src.remaining();
            ByteBuffer rest = src.slice();
            super.write(rest.limit(0));
            for (int end = 1; end <= count; end++) {
                super.write(rest.limit(end));
            }
            src.position(src.limit());
            return count;
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            super.write(srcs, 0);
            for (int i = 0; i < count; i++) {
                write(srcs[i]);
            }
        }
    }

    private static final class Source extends ForwardingSource {
        Source(BlobSource below) {
            super(below);
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            ByteBuffer one = dst.slice();
            int end = Math.min(1, one.remaining());
            int total = super.readAt(offset, one.limit(end));
            while (total == end && end < dst.remaining()) {
                end++;
                total += Math.max(0, super.readAt(offset + total, one.limit(end)));
            }
            dst.position(dst.position() + Math.max(0, total));
            return total;
        }
    }
}
