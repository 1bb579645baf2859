package io.slicekeep.erasure.galois;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import java.util.BitSet;

/**
 * A systematic linear code in plain Java: the reference for all other implementations. Works for any generator of which
 * every k rows have an inverse. Immutable but for a bounded cache; thread-safe.
 */
public final class JavaErasureCode implements ErasureCode {
    private final int matrixId;
    private final GfMatrix generator;
    private final CellProduct parity;
    private final PlanCache plans;

    private JavaErasureCode(int matrixId, GfMatrix generator) {
        this.matrixId = matrixId;
        this.generator = generator;
        this.parity = product(range(0, dataCells()), range(dataCells(), generator.rowCount()));
        this.plans = new PlanCache(CellProduct.tableBytes(parityCells(), dataCells()), this::product);
    }

    /**
     * Makes the code of matrix id 1.
     *
     * @param dataCells k, at least 1
     * @param parityCells m, at least 0; k + m at most 255
     * @return the code
     */
    public static JavaErasureCode cauchy(int dataCells, int parityCells) {
        if (dataCells < 1 || parityCells < 0 || dataCells + parityCells > 255) {
            throw new IllegalArgumentException(
                    "k must be >= 1, m >= 0 and k + m <= 255: k=" + dataCells + " m=" + parityCells);
        }
        return new JavaErasureCode(CAUCHY_11D, GfMatrix.cauchyGenerator(dataCells, parityCells));
    }

    @Override
    public int dataCells() {
        return generator.columnCount();
    }

    @Override
    public int parityCells() {
        return generator.rowCount() - generator.columnCount();
    }

    @Override
    public int matrixId() {
        return matrixId;
    }

    @Override
    public void encode(CellSlab slab, int cellBytes) {
        requireRoom(slab, cellBytes);
        parity.apply(slab, cellBytes);
    }

    @Override
    public void rebuild(CellSlab slab, int cellBytes, BitSet present, BitSet wanted) {
        requireRoom(slab, cellBytes);
        if (present.cardinality() < dataCells() || present.length() > generator.rowCount()) {
            throw new IllegalArgumentException(
                    "at least k=" + dataCells() + " of the cells must be present: present=" + present);
        }
        if (wanted.intersects(present) || wanted.length() > generator.rowCount()) {
            throw new IllegalArgumentException(
                    "wanted must be cells that are not present: wanted=" + wanted + " present=" + present);
        }
        if (!wanted.isEmpty()) {
            plans.plan(first(present, dataCells()), (BitSet) wanted.clone()).apply(slab, cellBytes);
        }
    }

    /** Sources and targets are rows of the generator; the targets follow from the data, and the data from the sources. */
    private CellProduct product(BitSet sources, BitSet targets) {
        GfMatrix dataFromSources = generator.select(sources).inverse();
        GfMatrix coefficients = generator.select(targets).times(dataFromSources);
        return new CellProduct(
                coefficients, sources.stream().toArray(), targets.stream().toArray());
    }

    private void requireRoom(CellSlab slab, int cellBytes) {
        if (slab.cellCount() < generator.rowCount() || cellBytes < 1 || cellBytes > slab.maxCellBytes()) {
            throw new IllegalArgumentException("the slab must have k + m=" + generator.rowCount()
                    + " cells of 1 to its room: cellCount=" + slab.cellCount() + " cellBytes=" + cellBytes
                    + " maxCellBytes=" + slab.maxCellBytes());
        }
    }

    private static BitSet range(int from, int to) {
        BitSet range = new BitSet(to);
        range.set(from, to);
        return range;
    }

    /** The first so many set bits: data cells before parity, so that most coefficients are 0 or 1. */
    private static BitSet first(BitSet present, int count) {
        BitSet first = new BitSet();
        for (int i = present.nextSetBit(0); first.cardinality() < count; i = present.nextSetBit(i + 1)) {
            first.set(i);
        }
        return first;
    }
}
