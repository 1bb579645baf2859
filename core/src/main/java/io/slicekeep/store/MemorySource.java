package io.slicekeep.store;

import io.slicekeep.blob.BlobSource;
import java.nio.ByteBuffer;

/** Reads a blob in memory; it stays readable after its deletion. */
final class MemorySource implements BlobSource {
    private final MemoryBlob blob;
    private volatile boolean closed;

    MemorySource(MemoryBlob blob) {
        this.blob = blob;
    }

    @Override
    public long length() {
        requireOpen();
        return blob.lengthBytes();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) {
        requireOpen();
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be >= 0: offset=" + offset);
        }
        if (!dst.hasRemaining()) {
            return 0;
        }
        if (offset >= blob.lengthBytes()) {
            return -1;
        }
        int count = (int) Math.min(dst.remaining(), blob.lengthBytes() - offset);
        blob.copy(offset, count, dst);
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }
}
