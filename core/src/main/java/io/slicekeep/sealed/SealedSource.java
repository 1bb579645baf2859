package io.slicekeep.sealed;

import io.slicekeep.blob.BlobChannel;
import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.chunk.BodySource;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;

/**
 * Random access to the plaintext of a sealed blob. Every byte that is returned was authenticated at its place, and the
 * length is believed only after the last chunk has been opened where it says that it ends. Thread-safe: reads overlap.
 */
public final class SealedSource implements BlobSource {
    private final BlobId blobId;
    private final BodySource body;

    private SealedSource(BlobId blobId, BodySource body) {
        this.blobId = blobId;
        this.body = body;
    }

    /**
     * Opens a blob whose secret and commitment stand elsewhere.
     *
     * @param source the sealed blob; closed by the returned source, but not if opening fails
     * @param secret the blob's data secret, not kept
     * @param blobId the identity that the caller expects; the one in the blob is compared, never believed
     * @param commitment the 32 bytes that the caller expects
     * @return to be closed by the caller
     * @throws io.slicekeep.error.FormatException if it is not a sealed blob, too new or corrupt
     * @throws IntegrityException if it is not this blob
     * @throws IOException if it cannot be read
     */
    public static SealedSource open(BlobSource source, OpenSecret secret, BlobId blobId, byte[] commitment)
            throws IOException {
        SealedHead head = SealedHead.read(BlobChannel.over(source));
        boolean expected = head.blobId().equals(blobId) && MessageDigest.isEqual(head.commitment(), commitment);
        if (!expected) {
            throw new IntegrityException("not the blob that was asked for: " + blobId + ", but " + head.blobId());
        }
        return open(source, head, secret);
    }

    /**
     * Returns where the chunk that holds a byte of plaintext begins in a sealed blob that has no slots.
     *
     * @param plaintextOffset at least 0
     * @return its offset in the sealed blob
     */
    public static long chunkOffset(long plaintextOffset) {
        return SealedHead.SLOT_AREA_OFFSET + ChunkLayout.bodyOffset(ChunkLayout.chunkAt(plaintextOffset));
    }

    /** Opens a blob by its own slots. */
    static SealedSource open(BlobSource source, KeyRing ring, KeyContext userContext) throws IOException {
        SealedHead head = SealedHead.read(BlobChannel.over(source));
        try (OpenSecret secret = head.openSecret(ring, userContext)) {
            return open(source, head, secret);
        }
    }

    private static SealedSource open(BlobSource source, SealedHead head, OpenSecret secret) throws IOException {
        ChunkKeys keys = head.openKeys(secret);
        try {
            return new SealedSource(
                    head.blobId(), new BodySource(source, head.bodyOffset(), keys, BulkProvider.get(), head.blobId()));
        } catch (IOException | RuntimeException e) {
            keys.close();
            throw e;
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
     * Returns the blob as a read-only channel with a position, which closes this source.
     *
     * @return the channel
     */
    public SeekableByteChannel channel() {
        return BlobChannel.owning(this);
    }

    @Override
    public long length() throws IOException {
        return body.length();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        return body.readAt(offset, dst);
    }

    @Override
    public long transferTo(WritableByteChannel target) throws IOException {
        return body.transferTo(target);
    }

    /**
     * Authenticates all that was sealed together with any byte of a range.
     *
     * @param fromOffset where the range begins in the sealed blob
     * @param toOffset where it ends
     * @throws IntegrityException if it is not what was sealed
     * @throws IOException if it cannot be read
     */
    public void verify(long fromOffset, long toOffset) throws IOException {
        body.verify(fromOffset, toOffset);
    }

    /** Wipes the keys as soon as no read is under way, and closes the source beneath. Idempotent. */
    @Override
    public void close() throws IOException {
        body.close();
    }

    @Override
    public String toString() {
        return "sealed blob " + blobId;
    }
}
