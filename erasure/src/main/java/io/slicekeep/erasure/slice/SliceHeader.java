package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobId;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a slice (docs/FORMAT.md section 5). Immutable.
 *
 * <pre>
 * off  len
 *   0    8  magic 89 53 4B 53 0D 0A 1A 0A
 *   8    2  version = 1
 *  10    1  k
 *  11    1  must be zero
 *  12    1  index, 0..254
 *  13    1  matrix id = 1
 *  14    2  flags, must be zero
 *  16    4  cellBytes of a full stripe
 *  20    4  blockBytes = 16384
 *  24   16  blob id
 *  40    8  epoch of the configuration
 *  48   12  must be zero
 *  60    4  CRC32C of [0, 60)
 * </pre>
 *
 * @param dataSlices k
 * @param index which slice this is: below k of data, else of parity
 * @param blobId whose slice it is
 * @param epoch of the configuration by which it was placed
 */
record SliceHeader(int dataSlices, int index, BlobId blobId, long epoch) {
    static final int BYTES = 64;

    private static final int MAX_INDEX = 254;
    private static final long MAGIC = 0x89534B530D0A1A0AL;
    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 8;
    private static final int DATA_SLICES_OFFSET = 10;
    private static final int FIRST_ZERO_OFFSET = 11;
    private static final int INDEX_OFFSET = 12;
    private static final int MATRIX_OFFSET = 13;
    private static final int FLAGS_OFFSET = 14;
    private static final int CELL_BYTES_OFFSET = 16;
    private static final int BLOCK_BYTES_OFFSET = 20;
    private static final int BLOB_ID_OFFSET = 24;
    private static final int EPOCH_OFFSET = 40;
    private static final int ZERO_OFFSET = 48;
    private static final int CHECKSUM_OFFSET = 60;

    SliceHeader {
        if (dataSlices < 1 || dataSlices > 255 || index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException(
                    "k must be 1 to 255 and index 0 to 254: k=" + dataSlices + " index=" + index);
        }
    }

    /** Returns the header of a slice of a blob. */
    static SliceHeader of(Spread spread, int index) {
        return new SliceHeader(spread.dataSlices(), index, spread.blobId(), spread.epoch());
    }

    /** Returns the 64 bytes, in a new buffer. */
    ByteBuffer bytes() {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        header.putLong(0, MAGIC);
        header.putShort(VERSION_OFFSET, (short) VERSION);
        header.put(DATA_SLICES_OFFSET, (byte) dataSlices);
        header.put(INDEX_OFFSET, (byte) index);
        header.put(MATRIX_OFFSET, (byte) ErasureCode.CAUCHY_11D);
        header.putInt(CELL_BYTES_OFFSET, StripeLayout.fullCellBytes(dataSlices));
        header.putInt(BLOCK_BYTES_OFFSET, StripeLayout.BLOCK_BYTES);
        header.put(BLOB_ID_OFFSET, blobId.bytes());
        header.putLong(EPOCH_OFFSET, epoch);
        header.putInt(CHECKSUM_OFFSET, checksum(header));
        return header;
    }

    /**
     * Parses a header.
     *
     * @param src at least 64 bytes from its position on, or all there are; not moved
     * @throws FormatException if it is not ours, too new or corrupt
     */
    static SliceHeader parse(ByteBuffer src) throws FormatException {
        ByteBuffer header = src.slice();
        requireMagic(header);
        require(header.getInt(CHECKSUM_OFFSET) == checksum(header), Kind.CORRUPT, "its checksum is wrong");
        int version = Short.toUnsignedInt(header.getShort(VERSION_OFFSET));
        require(version == VERSION, Kind.TOO_NEW, "its version is " + version + ", supported is 1");
        int matrix = Byte.toUnsignedInt(header.get(MATRIX_OFFSET));
        require(matrix == ErasureCode.CAUCHY_11D, Kind.TOO_NEW, "its matrix id is " + matrix + ", supported is 1");
        require(header.getShort(FLAGS_OFFSET) == 0, Kind.TOO_NEW, "it has unknown flags");
        boolean zero = header.get(FIRST_ZERO_OFFSET) == 0
                && header.getInt(ZERO_OFFSET) == 0
                && header.getLong(ZERO_OFFSET + Integer.BYTES) == 0;
        require(zero, Kind.TOO_NEW, "it has unknown fields");
        return values(header);
    }

    private static SliceHeader values(ByteBuffer header) throws FormatException {
        int k = Byte.toUnsignedInt(header.get(DATA_SLICES_OFFSET));
        int index = Byte.toUnsignedInt(header.get(INDEX_OFFSET));
        require(k >= 1 && index <= MAX_INDEX, Kind.CORRUPT, "k=" + k + " index=" + index);
        int cellBytes = header.getInt(CELL_BYTES_OFFSET);
        require(cellBytes == StripeLayout.fullCellBytes(k), Kind.CORRUPT, "k=" + k + " cellBytes=" + cellBytes);
        int blockBytes = header.getInt(BLOCK_BYTES_OFFSET);
        require(blockBytes == StripeLayout.BLOCK_BYTES, Kind.CORRUPT, "blockBytes=" + blockBytes);
        byte[] blobId = new byte[BlobId.BYTES];
        header.get(BLOB_ID_OFFSET, blobId);
        return new SliceHeader(k, index, BlobId.of(blobId), header.getLong(EPOCH_OFFSET));
    }

    /** What ends within the magic or after it is cut off; what differs before is not ours. */
    private static void requireMagic(ByteBuffer header) throws FormatException {
        int shown = Math.min(header.remaining(), Long.BYTES);
        for (int i = 0; i < shown; i++) {
            boolean same = header.get(i) == (byte) (MAGIC >>> (Long.SIZE - Byte.SIZE * (i + 1)));
            require(same, Kind.NOT_OURS, "it does not begin like a slice");
        }
        require(header.remaining() >= BYTES, Kind.CORRUPT, "it ends after " + header.remaining() + " bytes");
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CHECKSUM_OFFSET));
        return (int) crc.getValue();
    }

    private static void require(boolean holds, Kind kind, String found) throws FormatException {
        if (!holds) {
            throw new FormatException(kind, "slice header: " + found);
        }
    }
}
