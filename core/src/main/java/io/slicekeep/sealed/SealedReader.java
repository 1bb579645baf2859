package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import io.slicekeep.chunk.BlockingIo;
import io.slicekeep.chunk.BodyReader;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/**
 * Opens a sealed stream from front to back, in constant memory. It returns bytes only after their chunk has been
 * authenticated, and ends only after the last chunk and the end of the stream beneath: one that is cut or continued fails.
 * So whoever has read to the end has read all and nothing else; whoever stops before knows only that what he has is a
 * genuine beginning. Confined to one thread at a time.
 *
 * <p>Errors are sticky: after a failure every later read fails with the same exception.
 */
public final class SealedReader implements ReadableByteChannel {
    private final BlobId blobId;
    private final BodyReader body;

    private SealedReader(BlobId blobId, BodyReader body) {
        this.blobId = blobId;
        this.body = body;
    }

    static SealedReader open(ReadableByteChannel source, KeyRing ring, KeyContext userContext) throws IOException {
        SealedHead head = SealedHead.read(BlockingIo.requireBlocking(source));
        try (OpenSecret secret = head.openSecret(ring, userContext)) {
            return new SealedReader(
                    head.blobId(), new BodyReader(source, head.openKeys(secret), BulkProvider.get(), head.blobId()));
        }
    }

    /**
     * Returns the identity of the blob.
     *
     * @return its id
     */
    public BlobId blobId() {
        return blobId;
    }

    /**
     * Reads some plaintext: at most a chunk of it at once.
     *
     * @param dst takes it
     * @return the number of bytes read, 0 only if {@code dst} has no room; -1 at the end, which is then proven
     * @throws IntegrityException if the stream is not what was sealed; the position stays
     * @throws IOException if it cannot be read
     */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        return body.read(dst);
    }

    /**
     * Returns this reader as a stream, which closes the reader.
     *
     * @return the stream
     */
    public InputStream inputStream() {
        return Channels.newInputStream(this);
    }

    @Override
    public boolean isOpen() {
        return body.isOpen();
    }

    /** Wipes keys and plaintext, and closes the stream beneath. Idempotent. */
    @Override
    public void close() throws IOException {
        body.close();
    }

    @Override
    public String toString() {
        return "sealed blob " + blobId;
    }
}
