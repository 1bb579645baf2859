package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Memory for one stripe: its cells, and beside each cell room for its blocks' checksums, cut up so that a store can gather
 * block, checksum, block, checksum without a copy. Confined to one thread at a time, but different sites' frames may be cut and
 * written by different threads.
 */
final class StripeBuffer {
    /**
     * How large a stripe buffer is.
     *
     * @param cellCount n
     * @param cellBytes room in each cell, a multiple of 64
     */
    record Shape(int cellCount, int cellBytes) {
        long bytes() {
            return (long) cellCount * cellBytes;
        }
    }

    private final CellSlab slab;
    private final ByteBuffer checksums;
    private final ByteBuffer[][] frames;

    /** Which cell each site's frame was cut from: that of a site that is coming changes. */
    private final int[] framed;

    StripeBuffer(Shape shape) {
        int blocks = StripeLayout.blockCount(shape.cellBytes());
        this.slab = CellSlab.allocate(shape.cellCount(), shape.cellBytes());
        int lanes = shape.cellCount() + 1;
        this.checksums = ByteBuffer.allocateDirect(lanes * blocks * StripeLayout.CHECKSUM_BYTES);
        this.frames = new ByteBuffer[lanes][2 * blocks];
        this.framed = new int[lanes];
    }

    CellSlab slab() {
        return slab;
    }

    /** Copies bytes into data cells of a length, at an offset in the stripe; moves the position of {@code src}. */
    void put(int stripeOffset, int cellBytes, ByteBuffer src, int count) {
        int offset = stripeOffset;
        int end = stripeOffset + count;
        while (offset < end) {
            int run = Math.min(end - offset, cellBytes - offset % cellBytes);
            slab.region().put(address(offset, cellBytes), src, src.position(), run);
            src.position(src.position() + run);
            offset += run;
        }
    }

    /** Copies bytes out of data cells of a length, from an offset in the stripe to an index of a buffer. */
    void get(int stripeOffset, int cellBytes, ByteBuffer dst, int dstIndex, int count) {
        int end = stripeOffset + count;
        for (int offset = stripeOffset; offset < end; ) {
            int run = Math.min(end - offset, cellBytes - offset % cellBytes);
            dst.put(dstIndex + offset - stripeOffset, slab.region(), address(offset, cellBytes), run);
            offset += run;
        }
    }

    /** Moves a stripe's bytes from cells of one length to shorter ones, and fills up the k data cells with zeros. */
    void shorten(int stripeBytes, int oldCellBytes, int newCellBytes, int dataCells) {
        // From the back: no byte moves to a lower address, so none is overwritten before it has moved.
        int end = stripeBytes;
        while (end > 0) {
            int start = Math.max((end - 1) / oldCellBytes * oldCellBytes, (end - 1) / newCellBytes * newCellBytes);
            ByteBuffer region = slab.region();
            region.put(address(start, newCellBytes), region, address(start, oldCellBytes), end - start);
            end = start;
        }
        for (int offset = stripeBytes; offset < dataCells * newCellBytes; offset++) {
            slab.region().put(address(offset, newCellBytes), (byte) 0);
        }
    }

    /**
     * Computes the checksums of a cell's blocks, for one site: two may take the same cell at once.
     *
     * @param lane the index of the site, 0 to n
     * @return twice as many buffers as the cell has blocks, each ready to be read: block, checksum, block, ...
     */
    ByteBuffer[] frame(int lane, int cell, int cellBytes, BlockChecksum checksum, long firstOrdinal) {
        ByteBuffer[] frame = frames[lane];
        if (framed[lane] != cell) {
            Arrays.fill(frame, null);
            framed[lane] = cell;
        }
        for (int block = 0; block < StripeLayout.blockCount(cellBytes); block++) {
            if (frame[2 * block] == null) {
                cutFrame(lane, cell, block);
            }
            int start = block * StripeLayout.BLOCK_BYTES;
            ByteBuffer bytes = frame[2 * block]
                    .limit(Math.min(StripeLayout.BLOCK_BYTES, cellBytes - start))
                    .position(0);
            frame[2 * block + 1].clear().putInt(0, checksum.of(bytes, firstOrdinal + block));
            bytes.position(0);
        }
        return frame;
    }

    private void cutFrame(int lane, int cell, int block) {
        int start = block * StripeLayout.BLOCK_BYTES;
        int count = Math.min(StripeLayout.BLOCK_BYTES, slab.maxCellBytes() - start);
        int number = lane * (frames[lane].length / 2) + block;
        frames[lane][2 * block] = slab.region().slice(cell * slab.pitchBytes() + start, count);
        frames[lane][2 * block + 1] =
                checksums.slice(number * StripeLayout.CHECKSUM_BYTES, StripeLayout.CHECKSUM_BYTES);
    }

    private int address(int stripeOffset, int cellBytes) {
        return stripeOffset / cellBytes * slab.pitchBytes() + stripeOffset % cellBytes;
    }
}
