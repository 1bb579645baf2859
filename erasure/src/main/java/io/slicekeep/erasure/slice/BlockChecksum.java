package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Computes the checksums of a slice's blocks: CRC32C(block, blob id 16, index u32, ordinal u64). The suffix says where the
 * block belongs, so one that landed elsewhere is found too. Confined to one thread at a time.
 */
final class BlockChecksum {
    private static final int INDEX_OFFSET = BlobId.BYTES;
    private static final int ORDINAL_OFFSET = INDEX_OFFSET + Integer.BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer suffix = ByteBuffer.allocate(ORDINAL_OFFSET + Long.BYTES);

    BlockChecksum(BlobId blobId, int index) {
        suffix.put(0, blobId.bytes());
        suffix.putInt(INDEX_OFFSET, index);
    }

    /** Returns the checksum of the bytes from position to limit, which ends at the limit. */
    int of(ByteBuffer block, long ordinal) {
        crc.reset();
        crc.update(block);
        suffix.putLong(ORDINAL_OFFSET, ordinal);
        crc.update(suffix.array());
        return (int) crc.getValue();
    }
}
