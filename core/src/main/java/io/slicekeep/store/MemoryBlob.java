package io.slicekeep.store;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes of a committed blob, in full blocks and a last one that may be shorter. Immutable.
 *
 * @param blocks nobody writes to them any more
 * @param lengthBytes how many bytes they hold together
 */
record MemoryBlob(List<byte[]> blocks, long lengthBytes) {
    static final int BLOCK_BYTES = 1 << 16;

    MemoryBlob {
        blocks = List.copyOf(blocks);
    }

    /** Copies bytes that exist: the caller has compared the range with the length. */
    void copy(long offset, int count, ByteBuffer dst) {
        long from = offset;
        long end = offset + count;
        while (from < end) {
            byte[] block = blocks.get((int) (from / BLOCK_BYTES));
            int start = (int) (from % BLOCK_BYTES);
            int part = (int) Math.min(end - from, block.length - start);
            dst.put(block, start, part);
            from += part;
        }
    }
}
