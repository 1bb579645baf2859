package io.slicekeep.record;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Slices the one stripe of an inline object, and puts it together again. The data cells are the sealed blob itself; memory
 * for the code is used only where parity is made or a data cell is missing. Thread-safe.
 */
public final class InlineCode {
    private static final int SMALL_CELL_BYTES = 1 << 14;
    private static final int SMALL_SLABS = 16;
    private static final int LARGE_SLABS = 4;

    private final ErasureCode code;
    private final Shelf small;
    private final Shelf large;

    /**
     * Creates it for a code.
     *
     * @param code k and m
     */
    public InlineCode(ErasureCode code) {
        this.code = code;
        int cellCount = code.dataCells() + code.parityCells();
        int fullCellBytes = Stripe.maxInlineBytes(code.dataCells()) / code.dataCells();
        small = new Shelf(cellCount, Math.min(SMALL_CELL_BYTES, fullCellBytes), SMALL_SLABS);
        large = new Shelf(cellCount, fullCellBytes, LARGE_SLABS);
    }

    /**
     * Slices a sealed blob.
     *
     * @param sealed at most one stripe, from position to limit; not kept
     * @return n slices, in memory of their own
     */
    public List<ByteBuffer> slice(ByteBuffer sealed) {
        int cellBytes = Stripe.cellBytes(sealed.remaining(), code.dataCells());
        ByteBuffer stripe = ByteBuffer.allocate(cellBytes * (code.dataCells() + code.parityCells()));
        stripe.put(0, sealed, sealed.position(), sealed.remaining());
        List<ByteBuffer> slices = split(stripe, cellBytes);
        if (code.parityCells() > 0) {
            CellSlab slab = shelf(cellBytes).take();
            for (int i = 0; i < code.dataCells(); i++) {
                slab.cell(i).put(0, slices.get(i), 0, cellBytes);
            }
            code.encode(slab, cellBytes);
            for (int i = code.dataCells(); i < slices.size(); i++) {
                slices.get(i).put(0, slab.cell(i), 0, cellBytes);
            }
            shelf(cellBytes).putBack(slab);
        }
        return slices;
    }

    /**
     * Puts a sealed blob together.
     *
     * @param slices k slices or more, by index, that were authenticated
     * @param sealedBytes its length
     * @return the blob
     */
    public ByteBuffer join(Map<Integer, ByteBuffer> slices, int sealedBytes) {
        int cellBytes = Stripe.cellBytes(sealedBytes, code.dataCells());
        ByteBuffer stripe = ByteBuffer.allocate(cellBytes * code.dataCells());
        BitSet missing = new BitSet();
        missing.set(0, code.dataCells());
        slices.keySet().forEach(missing::clear);
        List<ByteBuffer> cells = split(stripe, cellBytes);
        for (int i = 0; i < cells.size(); i++) {
            if (!missing.get(i)) {
                cells.get(i).put(0, slice(slices, i), 0, cellBytes);
            }
        }
        if (!missing.isEmpty()) {
            CellSlab slab = rebuilt(slices, cellBytes, missing);
            missing.stream().forEach(i -> cells.get(i).put(0, slab.cell(i), 0, cellBytes));
            shelf(cellBytes).putBack(slab);
        }
        return stripe.limit(sealedBytes);
    }

    private CellSlab rebuilt(Map<Integer, ByteBuffer> slices, int cellBytes, BitSet missing) {
        CellSlab slab = shelf(cellBytes).take();
        BitSet present = new BitSet();
        slices.forEach((i, slice) -> {
            slab.cell(i).put(0, slice, 0, cellBytes);
            present.set(i);
        });
        code.rebuild(slab, cellBytes, present, missing);
        return slab;
    }

    private static ByteBuffer slice(Map<Integer, ByteBuffer> slices, int index) {
        ByteBuffer slice = slices.get(index);
        if (slice == null) {
            throw new IllegalArgumentException("slice is missing: index=" + index);
        }
        return slice;
    }

    private static List<ByteBuffer> split(ByteBuffer stripe, int cellBytes) {
        List<ByteBuffer> cells = new ArrayList<>();
        for (int at = 0; at < stripe.capacity(); at += cellBytes) {
            cells.add(stripe.slice(at, cellBytes));
        }
        return cells;
    }

    private Shelf shelf(int cellBytes) {
        return cellBytes <= small.cellBytes ? small : large;
    }

    /** Slabs that wait for the next object: direct memory is dear to allocate. What they hold is ciphertext. */
    private static final class Shelf {
        private final int cellCount;
        private final int cellBytes;
        private final int maxSlabs;
        private final ConcurrentLinkedQueue<CellSlab> slabs = new ConcurrentLinkedQueue<>();

        Shelf(int cellCount, int cellBytes, int maxSlabs) {
            this.cellCount = cellCount;
            this.cellBytes = cellBytes;
            this.maxSlabs = maxSlabs;
        }

        CellSlab take() {
            CellSlab slab = slabs.poll();
            return slab != null ? slab : CellSlab.allocate(cellCount, cellBytes);
        }

        void putBack(CellSlab slab) {
            if (slabs.size() < maxSlabs) {
                slabs.add(slab);
            }
        }
    }
}
