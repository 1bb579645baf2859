package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import io.slicekeep.chunk.BodyWriter;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.format.v1.SealedHeader;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Seals one blob of unknown length from front to back, in constant memory, into a channel that stays the caller's. What has
 * been written can be read only after {@link #finish()}: before, the last chunk is missing, and every reader refuses what
 * has none. Confined to one thread at a time.
 *
 * <p>Errors are sticky: after a failure every later call but {@link #close()} fails with the same exception. Trying again
 * takes a new sealer with a new secret and blob id.
 */
public final class BlobSealer implements WritableByteChannel {
    private final SealedHead head;
    private final BodyWriter body;

    private BlobSealer(SealedHead head, BodyWriter body) {
        this.head = head;
        this.body = body;
    }

    /**
     * Starts a blob without a slot area: the slots of its secret stand elsewhere, and so should its {@link #commitment()}.
     * Nothing is written yet.
     *
     * @param target takes the sealed blob; neither committed nor closed
     * @param secret drawn for this blob alone, its context made {@linkplain io.slicekeep.key.KeyContext#withBlob with its
     *     id}; not kept
     * @param blobId drawn for this blob alone
     * @param random where the salt comes from
     * @return to be closed by the caller
     */
    public static BlobSealer create(WritableByteChannel target, OpenSecret secret, BlobId blobId, RandomSource random) {
        if (!blobId.toString().equals(secret.context().entries().get("slicekeep.blob"))) {
            throw new IllegalArgumentException(
                    "the secret must be of this blob: blobId=" + blobId + " secret=" + secret);
        }
        return create(target, secret, new SealedHeader(blobId, 0), new byte[0], random);
    }

    static BlobSealer create(
            WritableByteChannel target, OpenSecret secret, SealedHeader header, byte[] slotArea, RandomSource random) {
        byte[] salt = random.bytes(ChunkLayout.SALT_BYTES);
        ChunkKeys keys = SealedHead.deriveKeys(secret, header, salt);
        SealedHead head = new SealedHead(header, slotArea, salt, keys.commitment());
        return new BlobSealer(head, new BodyWriter(target, head.bytes(), keys, BulkProvider.get()));
    }

    /**
     * Returns the identity of the blob.
     *
     * @return its id
     */
    public BlobId blobId() {
        return head.blobId();
    }

    /**
     * Returns what the blob commits to: with it a reader knows that he opens this very secret's blob. Not secret.
     *
     * @return 32 bytes
     */
    public byte[] commitment() {
        return head.commitment().clone();
    }

    /**
     * Returns how much plaintext has been written.
     *
     * @return bytes
     */
    public long plaintextBytes() {
        return body.plaintextBytes();
    }

    /**
     * Seals all remaining bytes of {@code src}; whole chunks are handed on, the rest waits.
     *
     * @param src plaintext
     * @return the number of bytes that remained
     * @throws IOException if the target fails; the position stays
     */
    @Override
    public int write(ByteBuffer src) throws IOException {
        return body.write(src);
    }

    /**
     * Seals the last chunk and writes what is left. At most once; afterwards only {@link #close()} may be called. Neither
     * commits nor closes the target.
     *
     * @throws IOException if the target fails; the blob is complete only if the target took all of it before
     */
    public void finish() throws IOException {
        body.finish();
    }

    @Override
    public boolean isOpen() {
        return body.isOpen();
    }

    /** Wipes the keys and the plaintext that waits. Idempotent; leaves the target open and, unless finished, incomplete. */
    @Override
    public void close() {
        body.close();
    }
}
