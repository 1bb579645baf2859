package io.slicekeep.dispersal;

import java.util.BitSet;

/**
 * A systematic linear code over GF(2^8): k data cells, m parity cells, any k of the k + m give the others back. Cells 0 to
 * k - 1 of a slab are data, k to k + m - 1 parity. Thread-safe; slabs are not shared between threads. Every
 * implementation gives the same bytes for the same {@link #matrixId()}; the contract is {@code ErasureCodeContract}.
 *
 * <p>Buffers' positions and limits are neither used nor changed: the first {@code cellBytes} bytes of each cell count.
 */
public interface ErasureCode {
    /** The Cauchy matrix of docs/FORMAT.md: parity row i, column j is 1 / ((k + i) xor j) over polynomial 0x11D. */
    int CAUCHY_11D = 1;

    /**
     * Returns k.
     *
     * @return 1 to 255
     */
    int dataCells();

    /**
     * Returns m.
     *
     * @return 0 to 254
     */
    int parityCells();

    /**
     * Returns which coefficients the code uses.
     *
     * @return the id that stands in slice headers
     */
    int matrixId();

    /**
     * Computes the parity cells from the data cells.
     *
     * @param slab at least k + m cells
     * @param cellBytes length of every cell, 1 to {@code slab.maxCellBytes()}
     */
    void encode(CellSlab slab, int cellBytes);

    /**
     * Computes missing cells from k present ones.
     *
     * @param slab at least k + m cells
     * @param cellBytes length of every cell, 1 to {@code slab.maxCellBytes()}
     * @param present indexes of cells that hold their right bytes, at least k of them
     * @param wanted indexes of cells to compute, disjoint from {@code present}; others stay as they are
     */
    void rebuild(CellSlab slab, int cellBytes, BitSet present, BitSet wanted);
}
