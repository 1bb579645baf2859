package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads all cells of a stripe that can be had, checked by their checksums. A slice that failed is not asked again. Confined to
 * one thread at a time.
 */
final class StripeCells {
    private final Reading reading;
    private final Map<Integer, IOException> failures = new TreeMap<>();

    StripeCells(Reading reading) {
        this.reading = reading;
    }

    /** Returns the slices that cannot be read on, and why. */
    Map<Integer, IOException> failures() {
        return failures;
    }

    /** Returns the slices that can be read as far as is known. */
    BitSet readable() {
        BitSet readable = reading.slices().held();
        failures.keySet().forEach(readable::clear);
        return readable;
    }

    /** Opens all slices. */
    void openAll() throws InterruptedIOException {
        TaskGroup<Integer> group = reading.workshop().tasks().group();
        try {
            BitSet asked = readable();
            asked.stream()
                    .forEach(index -> group.fork(index, () -> {
                        reading.slices().reader(index).open();
                        return index;
                    }));
            await(group, asked);
        } finally {
            group.abandon();
        }
    }

    /** Reads a stripe into a slab; returns whose cells are there. */
    BitSet read(long stripe, CellSlab slab) throws InterruptedIOException {
        return read(stripe, slab, readable());
    }

    /** Reads so many cells of a stripe into a slab, near and fast ones first, or fewer if no more can be had; returns whose are there. */
    BitSet read(long stripe, CellSlab slab, int wanted) throws InterruptedIOException {
        BitSet present = new BitSet();
        int[] order = reading.slices().preferred();
        for (int at = 0; present.cardinality() < wanted && at < order.length; ) {
            BitSet asked = new BitSet();
            for (; at < order.length && present.cardinality() + asked.cardinality() < wanted; at++) {
                asked.set(order[at], !failures.containsKey(order[at]));
            }
            present.or(read(stripe, slab, asked));
        }
        return present;
    }

    private BitSet read(long stripe, CellSlab slab, BitSet asked) throws InterruptedIOException {
        BlockRange blocks = reading.layout().allBlocks(stripe);
        Map<Integer, RangeRead> reads = new TreeMap<>();
        TaskGroup<Integer> group = reading.workshop().tasks().group();
        try {
            asked.stream().forEach(index -> {
                RangeRead read = new RangeRead(index, blocks, reading.lendRange(blocks));
                reads.put(index, read);
                reading.ask(group, index, read, stripe);
            });
            BitSet present = await(group, asked);
            int cellBytes = reading.layout().cellBytes(stripe);
            present.stream()
                    .forEach(index -> Objects.requireNonNull(reads.get(index))
                            .copyTo(slab.region(), index * slab.pitchBytes(), 0, cellBytes));
            return present;
        } finally {
            group.abandon();
            reads.values().forEach(read -> read.stored().release());
        }
    }

    /** Waits for those asked; returns who succeeded. */
    private BitSet await(TaskGroup<Integer> group, BitSet asked) throws InterruptedIOException {
        BitSet succeeded = new BitSet();
        Deadline deadline = reading.workshop().siteDeadline();
        for (Outcome<Integer> o = group.next(deadline); o != null; o = group.next(deadline)) {
            IOException failure = o.failure();
            if (failure == null) {
                succeeded.set(o.index());
            } else {
                failures.put(o.index(), failure);
            }
        }
        BitSet late = (BitSet) asked.clone();
        late.andNot(succeeded);
        failures.keySet().forEach(late::clear);
        late.stream().forEach(this::expire);
        return succeeded;
    }

    private void expire(int index) {
        IOException late = reading.slices().late();
        reading.slices().reader(index).blame(late);
        failures.put(index, late);
    }
}
