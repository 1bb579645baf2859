package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.site.Site;
import io.slicekeep.task.TaskGroup;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What all reads of one open blob share. Thread-safe.
 *
 * @param workshop tasks and memory
 * @param layout which byte is where
 * @param code rebuilds cells
 * @param slices at their sites
 */
record Reading(Workshop workshop, StripeLayout layout, ErasureCode code, SliceSet slices) {
    static Reading of(Workshop workshop, Spread spread, ErasureCode code, long blobBytes) {
        return of(workshop, spread, spread.sites(), code, blobBytes);
    }

    /** Reads from some of the spread's sites only. */
    static Reading of(Workshop workshop, Spread spread, List<Site> sites, ErasureCode code, long blobBytes) {
        StripeLayout layout = new StripeLayout(code.dataCells(), blobBytes);
        return new Reading(workshop, layout, code, new SliceSet(workshop, spread, sites, layout));
    }

    /** Asks a site for some blocks of its cell of a stripe; the outcome is {@code ticket}. */
    void ask(TaskGroup<Integer> group, int ticket, RangeRead read, long stripe) {
        SliceCopies reader = slices.reader(read.slice());
        Lease<ByteBuffer> stored = read.stored();
        group.fork(read.slice(), ticket, () -> {
            if (stored.hold()) {
                try {
                    reader.read(stripe, read.blocks(), stored.memory());
                } finally {
                    stored.release();
                }
            }
            return ticket;
        });
    }

    /** Lends memory for some blocks of a cell as they are stored. There are two sizes only, so that it is used again. */
    Lease<ByteBuffer> lendRange(BlockRange blocks) {
        return workshop.lendRange(StripeLayout.storedBytes(roomBytes(blocks)));
    }

    /** Lends memory for all cells of a stripe. */
    Lease<StripeBuffer> lendStripe() {
        return workshop.lendStripe(cellCount(), StripeLayout.fullCellBytes(code.dataCells()));
    }

    /** Lends memory to rebuild some blocks of cells in. */
    Lease<StripeBuffer> lendStripe(BlockRange blocks) {
        return workshop.lendStripe(cellCount(), roomBytes(blocks));
    }

    private int cellCount() {
        return code.dataCells() + code.parityCells();
    }

    private int roomBytes(BlockRange blocks) {
        int full = StripeLayout.fullCellBytes(code.dataCells());
        return blocks.count() == 1 ? Math.min(full, StripeLayout.BLOCK_BYTES) : full;
    }
}
