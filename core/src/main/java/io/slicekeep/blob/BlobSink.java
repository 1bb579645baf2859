package io.slicekeep.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes one blob from front to back. Closing it without {@link #commit()} aborts, so a failing copy can never leave a
 * valid, shorter blob. Confined to one thread at a time.
 *
 * <p>Errors are sticky: after a failure every later call but {@link #close()} fails with the same exception. After
 * {@code close()} the others throw {@link java.nio.channels.ClosedChannelException}, as every channel does; after
 * {@code commit()}, {@link IllegalStateException}.
 */
public interface BlobSink extends WritableByteChannel {
    /**
     * Appends all remaining bytes of {@code src}: unlike other channels, never fewer.
     *
     * @param src bytes, from position to limit
     * @return the number of bytes that remained
     * @throws IOException if they cannot be stored; positions stay
     */
    @Override
    int write(ByteBuffer src) throws IOException;

    /**
     * Appends all remaining bytes of several buffers in order; stores that can gather do it in one call.
     *
     * @param srcs the buffers
     * @param count how many of them, from the first
     * @throws IOException if they cannot be stored; positions of all of them stay
     */
    default void write(ByteBuffer[] srcs, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            write(srcs[i]);
        }
    }

    /**
     * Makes the blob visible and durable. At most once; afterwards only {@link #close()} may be called.
     *
     * @throws io.slicekeep.error.BlobExistsException if the key already has a blob
     * @throws io.slicekeep.error.OutcomeUnknownException if it may have become visible
     * @throws IOException if it did not become visible
     */
    void commit() throws IOException;

    /** Ends the sink, aborting unless committed. Idempotent, and never makes a blob visible. */
    @Override
    void close() throws IOException;
}
