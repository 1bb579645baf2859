package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The last 48 bytes of a slice (docs/FORMAT.md section 5). Immutable.
 *
 * <pre>
 * off  len
 *   0    8  "SKSLEND1"
 *   8    8  true length of the blob
 *  16    8  number of stripes
 *  24   16  blob id
 *  40    4  must be zero
 *  44    4  CRC32C of [0, 44)
 * </pre>
 *
 * @param blobBytes the true length of the blob
 * @param stripes how many stripes the slice holds
 * @param blobId whose slice it is
 */
record SliceFooter(long blobBytes, long stripes, BlobId blobId) {
    static final int BYTES = 48;

    private static final long MAGIC = 0x534B534C454E4431L;
    private static final int BLOB_BYTES_OFFSET = 8;
    private static final int STRIPES_OFFSET = 16;
    private static final int BLOB_ID_OFFSET = 24;
    private static final int ZERO_OFFSET = 40;
    private static final int CHECKSUM_OFFSET = 44;

    /** Returns the footer of every slice of a blob. */
    static SliceFooter of(StripeLayout layout, BlobId blobId) {
        return new SliceFooter(layout.blobBytes(), layout.stripeCount(), blobId);
    }

    /** Returns the 48 bytes, in a new buffer. */
    ByteBuffer bytes() {
        ByteBuffer footer = ByteBuffer.allocate(BYTES);
        footer.putLong(0, MAGIC);
        footer.putLong(BLOB_BYTES_OFFSET, blobBytes);
        footer.putLong(STRIPES_OFFSET, stripes);
        footer.put(BLOB_ID_OFFSET, blobId.bytes());
        footer.putInt(CHECKSUM_OFFSET, checksum(footer));
        return footer;
    }

    /**
     * Parses a footer. That of something that has a slice's header, so it cannot be foreign.
     *
     * @param src at least 48 bytes from its position on; not moved
     * @throws FormatException if it is too new or corrupt
     */
    static SliceFooter parse(ByteBuffer src) throws FormatException {
        ByteBuffer footer = src.slice();
        require(footer.remaining() >= BYTES, Kind.CORRUPT, "it has " + footer.remaining() + " bytes");
        require(footer.getLong(0) == MAGIC, Kind.CORRUPT, "it does not begin like one");
        require(footer.getInt(CHECKSUM_OFFSET) == checksum(footer), Kind.CORRUPT, "its checksum is wrong");
        require(footer.getInt(ZERO_OFFSET) == 0, Kind.TOO_NEW, "it has unknown fields");
        long blobBytes = footer.getLong(BLOB_BYTES_OFFSET);
        long stripes = footer.getLong(STRIPES_OFFSET);
        boolean possible = blobBytes >= 0 && blobBytes <= StripeLayout.MAX_BLOB_BYTES && stripes >= 0;
        require(possible, Kind.CORRUPT, "blobBytes=" + blobBytes + " stripes=" + stripes);
        byte[] blobId = new byte[BlobId.BYTES];
        footer.get(BLOB_ID_OFFSET, blobId);
        return new SliceFooter(blobBytes, stripes, BlobId.of(blobId));
    }

    private static int checksum(ByteBuffer footer) {
        CRC32C crc = new CRC32C();
        crc.update(footer.slice(0, CHECKSUM_OFFSET));
        return (int) crc.getValue();
    }

    private static void require(boolean holds, Kind kind, String found) throws FormatException {
        if (!holds) {
            throw new FormatException(kind, "slice footer: " + found);
        }
    }
}
