package io.slicekeep.format.v1;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.SlotArea;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What a sealed blob begins with. The CRC finds damage before any key is asked; what a forger writes is found by the
 * commitment, since the whole header goes into it ({@link #bodyContext}). Immutable.
 *
 * <pre>
 *   off  len
 *     0    8  magic 89 53 4B 42 0D 0A 1A 0A
 *     8    2  version = 1
 *    10    2  suite = 1 (COBBLESTONE-256)
 *    12    4  flags, must be zero
 *    16   16  blob id
 *    32    4  slotAreaBytes: 0, or 64..65536
 *    36   24  must be zero
 *    60    4  CRC32C of [0, 60)
 * </pre>
 *
 * @param blobId the blob's identity
 * @param slotAreaBytes the length of the slot area that follows, or 0 if there is none
 */
public record SealedHeader(BlobId blobId, int slotAreaBytes) {
    /** The length of a header. */
    public static final int BYTES = 64;

    private static final long MAGIC = 0x89534B420D0A1A0AL;
    private static final int VERSION = 1;
    private static final int SUITE = 1;
    private static final int VERSION_OFFSET = 8;
    private static final int SUITE_OFFSET = 10;
    private static final int FLAGS_OFFSET = 12;
    private static final int BLOB_ID_OFFSET = 16;
    private static final int SLOT_AREA_BYTES_OFFSET = 32;
    private static final int ZERO_OFFSET = 36;
    private static final int CRC_OFFSET = 60;
    private static final byte[] CONTEXT_LABEL = "slicekeep/v1/sealed\0".getBytes(StandardCharsets.US_ASCII);

    /** Checks the length of the slot area. */
    public SealedHeader {
        if (!possible(slotAreaBytes)) {
            throw new IllegalArgumentException(
                    "a slot area must have 64 to 65536 bytes, or 0 for none: slotAreaBytes=" + slotAreaBytes);
        }
    }

    /**
     * Reads a header.
     *
     * @param src at least 64 bytes, or all there are if the blob is shorter; moves behind the header
     * @return the header
     * @throws FormatException saying whether it is not ours, too new or corrupt
     */
    public static SealedHeader parse(ByteBuffer src) throws FormatException {
        ByteBuffer header = src.slice();
        if (header.remaining() < Long.BYTES || header.getLong(0) != MAGIC) {
            throw new FormatException(Kind.NOT_OURS, "not a sealed blob: it does not begin as one");
        }
        if (header.remaining() < BYTES) {
            throw corrupt("it ends after " + header.remaining() + " bytes");
        }
        // Before the version: in every version the CRC stands here, so that damage to the version is not taken for
        // news.
        if (header.getInt(CRC_OFFSET) != crc(header)) {
            throw corrupt("its CRC is wrong");
        }
        requireKnownFields(header);
        int slotAreaBytes = header.getInt(SLOT_AREA_BYTES_OFFSET);
        if (!possible(slotAreaBytes)) {
            throw corrupt("its slot area has " + Integer.toUnsignedString(slotAreaBytes) + " bytes");
        }
        byte[] blobId = new byte[BlobId.BYTES];
        header.get(BLOB_ID_OFFSET, blobId);
        src.position(src.position() + BYTES);
        return new SealedHeader(BlobId.of(blobId), slotAreaBytes);
    }

    /**
     * Returns the stored form.
     *
     * @return 64 bytes
     */
    public byte[] bytes() {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        header.putLong(0, MAGIC);
        header.putShort(VERSION_OFFSET, (short) VERSION);
        header.putShort(SUITE_OFFSET, (short) SUITE);
        header.put(BLOB_ID_OFFSET, blobId.bytes());
        header.putInt(SLOT_AREA_BYTES_OFFSET, slotAreaBytes);
        header.putInt(CRC_OFFSET, crc(header));
        return header.array();
    }

    /**
     * Returns what the body is bound to: this header and the context of its secret.
     *
     * @param context the context of the data secret
     * @return the context string of Cobblestone-256
     */
    public byte[] bodyContext(KeyContext context) {
        byte[] digest = context.digest();
        return ByteBuffer.allocate(CONTEXT_LABEL.length + BYTES + digest.length)
                .put(CONTEXT_LABEL)
                .put(bytes())
                .put(digest)
                .array();
    }

    private static boolean possible(int slotAreaBytes) {
        return slotAreaBytes == 0 || (slotAreaBytes >= SlotArea.MIN_BYTES && slotAreaBytes <= SlotArea.MAX_BYTES);
    }

    private static void requireKnownFields(ByteBuffer header) throws FormatException {
        requireKnown("version", VERSION, Short.toUnsignedInt(header.getShort(VERSION_OFFSET)));
        requireKnown("suite", SUITE, Short.toUnsignedInt(header.getShort(SUITE_OFFSET)));
        requireKnown("flags field", 0, header.getInt(FLAGS_OFFSET));
        for (int offset = ZERO_OFFSET; offset < CRC_OFFSET; offset++) {
            requireKnown("byte " + offset, 0, Byte.toUnsignedInt(header.get(offset)));
        }
    }

    private static void requireKnown(String field, int known, int found) throws FormatException {
        if (found != known) {
            throw new FormatException(
                    Kind.TOO_NEW,
                    "the sealed blob was written by a newer release: its " + field + " is "
                            + Integer.toUnsignedString(found) + ", this one knows " + known);
        }
    }

    private static int crc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CRC_OFFSET));
        return (int) crc.getValue();
    }

    private static FormatException corrupt(String found) {
        return new FormatException(Kind.CORRUPT, "the header of the sealed blob is corrupt: " + found);
    }
}
