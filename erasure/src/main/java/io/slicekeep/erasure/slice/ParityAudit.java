package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;

/**
 * Judges cells that all pass their checksums by the relation of the code: any k of them give the others. With g cells at
 * hand up to (g - k) / 2 wrong ones can be named, for then no other set of so few explains what is seen; of more it is
 * certain only that somebody lies. Confined to one thread at a time.
 */
final class ParityAudit {
    /** How many sets of suspects are tried before it is given up to name the liars of a stripe. */
    private static final int MAX_TRIALS = 4096;

    private static final int COLUMN_BYTES = CellSlab.ALIGN_BYTES;

    private final ErasureCode code;
    private final CellSlab cells;
    private final CellSlab scratch;
    private int trials;

    /** Two slabs of one size: the cells to judge, and memory to rebuild them in. */
    ParityAudit(ErasureCode code, CellSlab cells, CellSlab scratch) {
        this.code = code;
        this.cells = cells;
        this.scratch = scratch;
    }

    /**
     * Finds the cells that are wrong.
     *
     * @param cellBytes their length, a multiple of 64
     * @param present which of them to judge
     * @return those that are wrong, mostly none; nothing if they contradict each other and it cannot be told who is wrong
     */
    Optional<BitSet> liars(int cellBytes, BitSet present) {
        trials = 0;
        int nameable = (present.cardinality() - code.dataCells()) / 2;
        BitSet liars = new BitSet();
        BitSet honest = (BitSet) present.clone();
        int column = contradiction(honest, cellBytes);
        while (column >= 0) {
            if (!clear(honest, column, nameable - liars.cardinality())) {
                return Optional.empty();
            }
            liars.or(present);
            liars.andNot(honest);
            column = contradiction(honest, cellBytes);
        }
        return Optional.of(liars);
    }

    /** Returns the first column in which the cells contradict each other; -1 if none. */
    private int contradiction(BitSet honest, int cellBytes) {
        int mismatch = mismatch(honest, 0, cellBytes);
        return mismatch < 0 ? -1 : mismatch / COLUMN_BYTES * COLUMN_BYTES;
    }

    /** Removes the smallest set of cells, at most so many, without which the others agree in a column. */
    private boolean clear(BitSet honest, int column, int most) {
        for (int count = 1; count <= most; count++) {
            if (remove(honest, 0, count, column)) {
                return true;
            }
        }
        return false;
    }

    private boolean remove(BitSet rest, int from, int count, int column) {
        if (count == 0) {
            trials++;
            return trials <= MAX_TRIALS && mismatch(rest, column, COLUMN_BYTES) < 0;
        }
        for (int cell = rest.nextSetBit(from); cell >= 0 && trials <= MAX_TRIALS; cell = rest.nextSetBit(cell + 1)) {
            rest.clear(cell);
            if (remove(rest, cell + 1, count - 1, column)) {
                return true;
            }
            rest.set(cell);
        }
        return false;
    }

    /** Rebuilds all but the first k from these, and returns the first byte of the range that differs; -1 if none. */
    private int mismatch(BitSet judged, int start, int count) {
        BitSet others = (BitSet) judged.clone();
        BitSet sources = new BitSet();
        for (int cell = judged.nextSetBit(0); cell >= 0 && sources.cardinality() < code.dataCells(); ) {
            sources.set(cell);
            others.clear(cell);
            scratch.region().put(cell * scratch.pitchBytes(), cells.region(), cell * cells.pitchBytes() + start, count);
            cell = judged.nextSetBit(cell + 1);
        }
        code.rebuild(scratch, count, sources, others);
        return others.stream()
                .map(cell -> bytes(scratch, cell, 0, count).mismatch(bytes(cells, cell, start, count)))
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    private static ByteBuffer bytes(CellSlab slab, int cell, int start, int count) {
        return slab.region().slice(cell * slab.pitchBytes() + start, count);
    }
}
