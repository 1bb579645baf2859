package io.slicekeep.erasure.slice;

/**
 * Which byte of a blob lies where in its slices (docs/FORMAT.md sections 4 and 5). A pure value; all arithmetic on offsets of
 * this package is here.
 *
 * <pre>
 * blob    | stripe 0: cell 0 .. cell k-1 | stripe 1: cell 0 .. cell k-1 | ... | last stripe, shorter cells, zero-padded |
 * slice j | header | cell j of stripe 0: block, crc, block, crc ... | cell j of stripe 1 | ... | footer |
 * </pre>
 *
 * @param dataCells k, 1 to 255
 * @param blobBytes the true length of the blob, 0 to {@link #MAX_BLOB_BYTES}
 */
record StripeLayout(int dataCells, long blobBytes) {
    /** The most that a stripe holds, but for rounding up its cells. */
    static final int STRIPE_TARGET_BYTES = 1 << 20;

    /** What a checksum covers. */
    static final int BLOCK_BYTES = 16384;

    static final int CHECKSUM_BYTES = 4;

    /** Far beyond any store, and small enough for no sum here to overflow. */
    static final long MAX_BLOB_BYTES = 1L << 60;

    private static final int STORED_BLOCK_BYTES = BLOCK_BYTES + CHECKSUM_BYTES;
    private static final int CELL_ALIGN_BYTES = 64;

    StripeLayout {
        if (dataCells < 1 || dataCells > 255 || blobBytes < 0 || blobBytes > MAX_BLOB_BYTES) {
            throw new IllegalArgumentException(
                    "k must be 1 to 255 and a blob at most 2^60 bytes: k=" + dataCells + " blobBytes=" + blobBytes);
        }
    }

    /** Returns the length of the cells of every stripe but a last, short one. */
    static int fullCellBytes(int dataCells) {
        return cellBytes(dataCells, STRIPE_TARGET_BYTES);
    }

    /** Returns how much of a blob a full stripe holds. */
    static int fullStripeBytes(int dataCells) {
        return dataCells * fullCellBytes(dataCells);
    }

    /** Returns the length of the cells of a stripe that holds so much of the blob. */
    static int cellBytes(int dataCells, int stripeBytes) {
        return roundUp(divideUp(stripeBytes, dataCells), CELL_ALIGN_BYTES);
    }

    /** Returns how many blocks a cell has. */
    static int blockCount(int cellBytes) {
        return divideUp(cellBytes, BLOCK_BYTES);
    }

    /** Returns how much of a slice a cell takes, with its checksums. */
    static int storedBytes(int cellBytes) {
        return cellBytes + CHECKSUM_BYTES * blockCount(cellBytes);
    }

    long stripeCount() {
        int full = fullStripeBytes(dataCells);
        return blobBytes / full + (blobBytes % full == 0 ? 0 : 1);
    }

    /** Returns the stripe that holds a byte of the blob. */
    long stripeAt(long blobOffset) {
        return blobOffset / fullStripeBytes(dataCells);
    }

    /** Returns where in the blob a stripe begins. */
    long stripeStart(long stripe) {
        return stripe * fullStripeBytes(dataCells);
    }

    /** Returns where in the blob a stripe ends. */
    long stripeEnd(long stripe) {
        return Math.min(blobBytes, stripeStart(stripe + 1));
    }

    /** Returns the length of a stripe's cells. */
    int cellBytes(long stripe) {
        return cellBytes(dataCells, (int) (stripeEnd(stripe) - stripeStart(stripe)));
    }

    /** Returns all blocks of a stripe's cells. */
    BlockRange allBlocks(long stripe) {
        return new BlockRange(0, blockCount(cellBytes(stripe)));
    }

    /** Returns the blocks of a data cell that hold the bytes of the blob from one offset to another, in one stripe. */
    BlockRange blocks(long stripe, int cell, long fromOffset, long toOffset) {
        int cellBytes = cellBytes(stripe);
        long cellStart = stripeStart(stripe) + (long) cell * cellBytes;
        long from = Math.max(0, fromOffset - cellStart);
        long to = Math.min(cellBytes, toOffset - cellStart);
        return from >= to
                ? BlockRange.NONE
                : new BlockRange((int) (from / BLOCK_BYTES), divideUp((int) to, BLOCK_BYTES));
    }

    /** Returns where in the blob the block begins that holds a byte. */
    long blockStart(long blobOffset) {
        return blobOffset - inCell(blobOffset) % BLOCK_BYTES;
    }

    /** Returns where in the blob the block ends that holds a byte: at most the end of the cell, or of the blob. */
    long blockEnd(long blobOffset) {
        int inCell = inCell(blobOffset);
        int blockEnd = (inCell / BLOCK_BYTES + 1) * BLOCK_BYTES;
        int cellEnd = Math.min(blockEnd, cellBytes(stripeAt(blobOffset)));
        return Math.min(blobBytes, blobOffset - inCell + cellEnd);
    }

    /** Returns the length of a block: the last one of a cell may be short. */
    int blockBytes(long stripe, int block) {
        return Math.min(BLOCK_BYTES, cellBytes(stripe) - block * BLOCK_BYTES);
    }

    /** Returns how much of a cell some of its blocks are. */
    int cellBytes(long stripe, BlockRange blocks) {
        return Math.min(blocks.end() * BLOCK_BYTES, cellBytes(stripe)) - blocks.first() * BLOCK_BYTES;
    }

    /** Returns how much of a slice some blocks of a cell are, with their checksums. */
    int storedBytes(long stripe, BlockRange blocks) {
        return cellBytes(stripe, blocks) + CHECKSUM_BYTES * blocks.count();
    }

    /** Returns where a block begins, counted from the beginning of the stored form of a range of blocks. */
    static int storedOffset(BlockRange blocks, int block) {
        return (block - blocks.first()) * STORED_BLOCK_BYTES;
    }

    /** Returns where in a slice a block begins. */
    long sliceOffset(long stripe, int block) {
        return SliceHeader.BYTES + stripe * storedBytes(fullCellBytes(dataCells)) + (long) block * STORED_BLOCK_BYTES;
    }

    /** Returns the number of a block among all blocks of its slice. */
    long ordinal(long stripe, int block) {
        return stripe * blockCount(fullCellBytes(dataCells)) + block;
    }

    /** Returns where in a slice the footer begins. */
    long footerOffset() {
        long stripes = stripeCount();
        return stripes == 0 ? SliceHeader.BYTES : sliceOffset(stripes - 1, 0) + storedBytes(cellBytes(stripes - 1));
    }

    /** Returns the length of a slice. */
    long sliceBytes() {
        return footerOffset() + SliceFooter.BYTES;
    }

    private int inCell(long blobOffset) {
        long stripe = stripeAt(blobOffset);
        return (int) (blobOffset - stripeStart(stripe)) % cellBytes(stripe);
    }

    private static int divideUp(int value, int by) {
        return (value + by - 1) / by;
    }

    private static int roundUp(int value, int to) {
        return divideUp(value, to) * to;
    }
}
