package io.slicekeep.dispersal;

import java.nio.ByteBuffer;

/**
 * Memory for the n cells of one stripe as a code wants it: one direct region, {@code cells[cellCount][maxCellBytes]}, each
 * cell 64-byte aligned at a fixed pitch. The gap between two cells exists in memory only. Confined to one thread at a time;
 * the cells' buffers share the slab's memory.
 */
public final class CellSlab {
    /** The alignment of each cell, in bytes. */
    public static final int ALIGN_BYTES = 64;

    /** Keeps equal offsets of neighbouring cells out of the same cache set (docs/adr/0004-cell-slabs.md). */
    private static final int PITCH_GAP_BYTES = 320;

    private final ByteBuffer region;
    private final ByteBuffer[] cells;
    private final int maxCellBytes;
    private final int pitchBytes;

    private CellSlab(ByteBuffer region, ByteBuffer[] cells, int maxCellBytes, int pitchBytes) {
        this.region = region;
        this.cells = cells;
        this.maxCellBytes = maxCellBytes;
        this.pitchBytes = pitchBytes;
    }

    /**
     * Allocates a slab.
     *
     * @param cellCount n, 1 to 255
     * @param maxCellBytes room in each cell, a positive multiple of 64
     * @return the slab, zeroed
     */
    public static CellSlab allocate(int cellCount, int maxCellBytes) {
        if (cellCount < 1 || cellCount > 255 || maxCellBytes < 1 || maxCellBytes % ALIGN_BYTES != 0) {
            throw new IllegalArgumentException("a slab must have 1 to 255 cells of a multiple of 64 bytes: cellCount="
                    + cellCount + " maxCellBytes=" + maxCellBytes);
        }
        int pitchBytes = Math.addExact(maxCellBytes, PITCH_GAP_BYTES);
        ByteBuffer region = ByteBuffer.allocateDirect(Math.multiplyExact(cellCount, pitchBytes) + ALIGN_BYTES)
                .alignedSlice(ALIGN_BYTES);
        ByteBuffer[] cells = new ByteBuffer[cellCount];
        for (int i = 0; i < cellCount; i++) {
            cells[i] = region.slice(i * pitchBytes, maxCellBytes);
        }
        return new CellSlab(region, cells, maxCellBytes, pitchBytes);
    }

    /**
     * Returns a cell's memory. The same buffer every time: its user sets position and limit.
     *
     * @param index 0 to cellCount - 1
     * @return a direct buffer of maxCellBytes
     */
    public ByteBuffer cell(int index) {
        return cells[index];
    }

    /**
     * Returns how many cells there are.
     *
     * @return n
     */
    public int cellCount() {
        return cells.length;
    }

    /**
     * Returns the room in each cell.
     *
     * @return bytes, a multiple of 64
     */
    public int maxCellBytes() {
        return maxCellBytes;
    }

    /**
     * Returns the distance between the beginnings of two neighbouring cells in {@link #region()}.
     *
     * @return bytes
     */
    public int pitchBytes() {
        return pitchBytes;
    }

    /**
     * Returns the whole region, for codes: cell i begins at {@code i * pitchBytes()}. The same buffer every time; nobody
     * sets its position, limit or order.
     *
     * @return a direct buffer that begins with cell 0
     */
    public ByteBuffer region() {
        return region;
    }
}
