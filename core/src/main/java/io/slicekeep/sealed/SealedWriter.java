package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/**
 * Seals a stream of unknown length, in constant memory. {@link #commit()} completes it; closing without it aborts, and
 * what has been written by then is refused by every reader, however long it is. Confined to one thread at a time.
 *
 * <p>Errors are sticky: after a failure every later call but {@link #close()} fails with the same exception.
 */
public final class SealedWriter implements WritableByteChannel {
    private final WritableByteChannel target;
    private final BlobSealer sealer;

    SealedWriter(WritableByteChannel target, BlobSealer sealer) {
        this.target = target;
        this.sealer = sealer;
    }

    /**
     * Returns the identity that was drawn for what is written.
     *
     * @return its id
     */
    public BlobId blobId() {
        return sealer.blobId();
    }

    /**
     * Seals all remaining bytes of {@code src}.
     *
     * @param src plaintext
     * @return the number of bytes that remained
     * @throws IOException if the channel beneath fails; the position stays
     */
    @Override
    public int write(ByteBuffer src) throws IOException {
        return sealer.write(src);
    }

    /**
     * Seals the last chunk and hands everything to the channel beneath, which it neither forces nor closes. At most once;
     * afterwards only {@link #close()} may be called.
     *
     * @throws IOException if the channel beneath fails; the blob is complete only if it took all of it before
     */
    public void commit() throws IOException {
        sealer.finish();
    }

    /**
     * Returns this writer as a stream. Closing the stream closes the writer, which aborts unless it was committed.
     *
     * @return the stream
     */
    public OutputStream outputStream() {
        return Channels.newOutputStream(this);
    }

    @Override
    public boolean isOpen() {
        return sealer.isOpen();
    }

    /** Wipes keys and plaintext, and closes the channel beneath; aborts unless committed. Idempotent. */
    @Override
    public void close() throws IOException {
        sealer.close();
        target.close();
    }
}
