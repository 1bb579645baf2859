package io.slicekeep.blob;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Random access to one blob. Thread-safe: reads may overlap. Use after close throws
 * {@code IllegalStateException("closed")}.
 */
public interface BlobSource extends Closeable {
    /**
     * Returns the length of the blob.
     *
     * @return bytes, at least 0
     * @throws IOException if it cannot be told
     */
    long length() throws IOException;

    /**
     * Reads until {@code dst} is full or the blob ends.
     *
     * @param offset from the start of the blob, at least 0
     * @param dst filled from its position; it moves by the number of bytes read, and stays on an exception
     * @return the number of bytes read, 0 only if {@code dst} has no room; -1 if it has and {@code offset >= length()}
     * @throws IOException if they cannot be read
     */
    int readAt(long offset, ByteBuffer dst) throws IOException;

    /**
     * Reads until {@code dst} is full.
     *
     * @param offset from the start of the blob, at least 0
     * @param dst filled from its position to its limit
     * @throws EOFException if the blob ends before
     * @throws IOException if they cannot be read
     */
    default void readFullyAt(long offset, ByteBuffer dst) throws IOException {
        int wantedBytes = dst.remaining();
        int readBytes = wantedBytes == 0 ? 0 : readAt(offset, dst);
        if (readBytes < wantedBytes) {
            throw new EOFException("blob ends at " + length() + ": wanted " + wantedBytes + " bytes at " + offset);
        }
    }

    /**
     * Copies the whole blob.
     *
     * @param target takes the bytes
     * @return the number of bytes copied
     * @throws IOException if reading or writing fails
     */
    default long transferTo(WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long offset = 0;
        while (readAt(offset, buffer) > 0) {
            offset += buffer.position();
            buffer.flip();
            while (buffer.hasRemaining()) {
                target.write(buffer);
            }
            buffer.clear();
        }
        return offset;
    }

    /** Releases what the source holds. Idempotent. */
    @Override
    void close() throws IOException;
}
