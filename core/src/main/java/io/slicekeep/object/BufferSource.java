package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
import java.nio.ByteBuffer;

/** A blob in memory. Thread-safe. */
final class BufferSource implements BlobSource {
    private final ByteBuffer bytes;

    BufferSource(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    @Override
    public long length() {
        return bytes.limit();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) {
        if (!dst.hasRemaining()) {
            return 0;
        }
        if (offset >= bytes.limit()) {
            return -1;
        }
        int count = (int) Math.min(dst.remaining(), bytes.limit() - offset);
        dst.put(bytes.slice((int) offset, count));
        return count;
    }

    @Override
    public void close() {}
}
