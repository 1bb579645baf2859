package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import io.slicekeep.chunk.BlockingIo;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.format.v1.SealedHeader;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.key.SlotArea;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;

/**
 * All that stands before the first chunk: header, slot area, salt and commitment. As read, nothing of it is proven until
 * {@link #openSecret} has found the secret that it commits to. Immutable.
 */
final class SealedHead {
    static final long SLOT_AREA_OFFSET = SealedHeader.BYTES;

    private static final int FIXED_BYTES = SealedHeader.BYTES + ChunkLayout.PREFIX_BYTES;

    private final SealedHeader header;
    private final byte[] slotArea;
    private final byte[] salt;
    private final byte[] commitment;

    SealedHead(SealedHeader header, byte[] slotArea, byte[] salt, byte[] commitment) {
        this.header = header;
        this.slotArea = slotArea;
        this.salt = salt;
        this.commitment = commitment;
    }

    SealedHead withSlotArea(byte[] other) {
        return new SealedHead(header, other, salt, commitment);
    }

    /** Derives the keys of a body from a data secret; whether they are the right ones is told by their commitment. */
    static ChunkKeys deriveKeys(OpenSecret secret, SealedHeader header, byte[] salt) {
        try (SecretBytes dataKey = secret.derive(KeyPurpose.DATA)) {
            return ChunkKeys.derive(dataKey.unsafeBytes(), salt, header.bodyContext(secret.context()));
        }
    }

    /** Reads from where a sealed blob begins up to its first chunk, and nothing beyond. */
    static SealedHead read(ReadableByteChannel source) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(FIXED_BYTES);
        BlockingIo.readFully(source, head);
        head.flip();
        SealedHeader header = SealedHeader.parse(head.duplicate());
        if (header.slotAreaBytes() > 0) {
            head = ByteBuffer.allocate(FIXED_BYTES + header.slotAreaBytes()).put(head);
            BlockingIo.readFully(source, head);
            head.flip();
        }
        if (head.remaining() < FIXED_BYTES + header.slotAreaBytes()) {
            throw new IntegrityException("blob " + header.blobId() + " ends before its first chunk");
        }
        head.position(SealedHeader.BYTES);
        return new SealedHead(
                header,
                take(head, header.slotAreaBytes()),
                take(head, ChunkLayout.SALT_BYTES),
                take(head, ChunkLayout.COMMITMENT_BYTES));
    }

    BlobId blobId() {
        return header.blobId();
    }

    byte[] commitment() {
        return commitment;
    }

    /** Returns where the salt stands, from which {@link ChunkLayout} counts. */
    long bodyOffset() {
        return SLOT_AREA_OFFSET + slotArea.length;
    }

    int slotAreaBytes() {
        return slotArea.length;
    }

    /** Returns the stored form. */
    byte[] bytes() {
        return ByteBuffer.allocate(FIXED_BYTES + slotArea.length)
                .put(header.bytes())
                .put(slotArea)
                .put(salt)
                .put(commitment)
                .array();
    }

    /** Opens the secret by a slot of the slot area; it is the one that the commitment commits to. */
    OpenSecret openSecret(KeyRing ring, KeyContext userContext) throws IOException {
        if (slotArea.length == 0) {
            throw new KeyUnavailableException(
                    Reason.NO_SUCH_KEY, "blob " + blobId() + " has no key slots of its own: they stand elsewhere");
        }
        List<KeySlot> slots = SlotArea.parse(ByteBuffer.wrap(slotArea));
        return ring.open(slots, userContext.withBlob(blobId().bytes()), this::committedTo);
    }

    /** Derives the keys of the body and compares their commitment. */
    ChunkKeys openKeys(OpenSecret secret) throws IntegrityException {
        ChunkKeys keys = deriveKeys(secret, header, salt);
        if (!keys.commitTo(commitment)) {
            keys.close();
            throw new IntegrityException(
                    "blob " + blobId() + " was sealed under another key or for another context, or is damaged");
        }
        return keys;
    }

    private boolean committedTo(OpenSecret candidate) {
        try (ChunkKeys keys = deriveKeys(candidate, header, salt)) {
            return keys.commitTo(commitment);
        }
    }

    private static byte[] take(ByteBuffer src, int count) {
        byte[] taken = new byte[count];
        src.get(taken);
        return taken;
    }
}
