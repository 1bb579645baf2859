package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.erasure.slice.RangeRead.State;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings in a range of one stripe, in whole blocks, from whichever sites have it. Confined to one thread at a time.
 *
 * <p>Each data cell of the range is asked for at its own site. What fails there, or is late, or is known to be bad or slow, makes up
 * the <em>window</em>: the smallest range of blocks that covers it in all its cells. The window is asked for at k sites, as
 * far as it is not under way already, and the cells are rebuilt from it. Each read has memory of its own, so one that
 * arrives too late harms nothing.
 */
final class StripeLoad {
    private static final Set<State> HOPEFUL = EnumSet.of(State.ASKED, State.GOOD);
    private static final Set<State> POSSIBLE = EnumSet.of(State.ASKED, State.SLOW, State.GOOD);
    private static final Set<State> GOOD = EnumSet.of(State.GOOD);

    private final Reading reading;
    private final long stripe;
    private final long startOffset;
    private final long endOffset;
    private final int cellBytes;

    /** What is wanted of each data cell. */
    private final BlockRange[] wanted;

    private final TaskGroup<Integer> group;
    private final HedgeClock clock;
    private final List<RangeRead> reads = new ArrayList<>();
    private final Map<Integer, IOException> failures = new TreeMap<>();
    private BlockRange window = BlockRange.NONE;
    private @Nullable Lease<StripeBuffer> rebuilt;
    private boolean loaded;

    private StripeLoad(Reading reading, long stripe, long fromOffset, long toOffset) {
        StripeLayout layout = reading.layout();
        this.reading = reading;
        this.stripe = stripe;
        this.cellBytes = layout.cellBytes(stripe);
        this.wanted = new BlockRange[layout.dataCells()];
        for (int cell = 0; cell < wanted.length; cell++) {
            wanted[cell] = layout.blocks(stripe, cell, fromOffset, toOffset);
        }
        this.startOffset = layout.blockStart(fromOffset);
        this.endOffset = layout.blockEnd(toOffset - 1);
        this.group = reading.workshop().tasks().group();
        this.clock = new HedgeClock(reading.workshop());
    }

    /** Starts to load the bytes of the blob from one offset to another, in one stripe. To be closed by the caller. */
    static StripeLoad start(Reading reading, long fromOffset, long toOffset) {
        StripeLoad load = new StripeLoad(reading, reading.layout().stripeAt(fromOffset), fromOffset, toOffset);
        try {
            load.askDataSites();
            return load;
        } catch (RuntimeException | Error e) {
            load.close();
            throw e;
        }
    }

    /** Returns the offset in the blob after the last byte that is loaded. */
    long endOffset() {
        return endOffset;
    }

    boolean covers(long offset) {
        return startOffset <= offset && offset < endOffset;
    }

    /** Waits until the range is there. After a failure only {@link #close} may be called. */
    void await() throws IOException {
        while (!loaded) {
            askMore();
            if (complete()) {
                rebuild();
                loaded = true;
            } else {
                waitForOne();
            }
        }
    }

    /** Copies loaded bytes of the blob to an index of a buffer. */
    void copyTo(ByteBuffer dst, int dstIndex, long offset, int count) {
        int inStripe = (int) (offset - reading.layout().stripeStart(stripe));
        int end = inStripe + count;
        for (int at = inStripe; at < end; ) {
            int cell = at / cellBytes;
            int run = Math.min(end - at, cellBytes - at % cellBytes);
            copyCell(cell, at % cellBytes, run, dst, dstIndex + at - inStripe);
            at += run;
        }
    }

    /** Lets go of all memory. What is still under way ends behind. Idempotent. */
    void close() {
        group.abandon();
        reads.forEach(read -> read.stored().release());
        reads.clear();
        if (rebuilt != null) {
            rebuilt.release();
            rebuilt = null;
        }
    }

    private void askDataSites() {
        BitSet slow = reading.slices().slow();
        for (int cell = 0; cell < wanted.length; cell++) {
            if (!wanted[cell].isEmpty() && reading.slices().healthy(cell)) {
                if (!slow.get(cell)) {
                    ask(cell, wanted[cell]);
                } else if (pace().mayTryAgain(reading.slices().reader(cell).site())) {
                    ask(cell, wanted[cell]).become(State.SLOW);
                }
            }
        }
    }

    /** Widens the window to what the data sites will not give, and asks for it where it may be had. */
    private void askMore() throws TooFewSlicesException {
        for (int cell = 0; cell < wanted.length; cell++) {
            if (!has(cell, HOPEFUL)) {
                window = window.hull(wanted[cell]);
            }
        }
        if (!window.isEmpty()) {
            askForWindow();
        }
        boolean waiting = reads.stream().anyMatch(RangeRead::open);
        if (!waiting && !complete()) {
            throw reading.slices().tooFew(failures);
        }
    }

    private void askForWindow() {
        int lacking = reading.slices().needed() - having(HOPEFUL).cardinality();
        for (int slice : lacking > 0 ? reading.slices().preferred() : new int[0]) {
            if (lacking > 0 && !failures.containsKey(slice) && find(slice, window, POSSIBLE) == null) {
                ask(slice, window);
                lacking--;
            }
        }
    }

    private RangeRead ask(int slice, BlockRange blocks) {
        RangeRead read = new RangeRead(slice, blocks, reading.lendRange(blocks));
        reads.add(read);
        clock.asked();
        reading.ask(group, reads.size() - 1, read, stripe);
        return read;
    }

    private void waitForOne() throws IOException {
        Outcome<Integer> outcome = clock.next(group);
        if (outcome != null) {
            note(reads.get(outcome.index()), outcome.failure());
        } else if (clock.expired()) {
            reads.stream().filter(RangeRead::open).forEach(this::expire);
        } else if (pace().mayHedge()) {
            hedge();
        }
    }

    /** Asks others besides for what is late. */
    private void hedge() throws TooFewSlicesException {
        reads.stream().filter(RangeRead::open).forEach(read -> read.become(State.SLOW));
        int before = reads.size();
        askMore();
        pace().spend(reads.size() - before);
    }

    private void note(RangeRead read, @Nullable IOException failure) {
        if (read.state() == State.FAILED) {
            return; // it had used up its time
        }
        if (failure == null) {
            read.become(State.GOOD);
        } else {
            fail(read, failure);
        }
    }

    private void expire(RangeRead read) {
        IOException late = reading.slices().late();
        reading.slices().reader(read.slice()).blame(late);
        fail(read, late);
    }

    private void fail(RangeRead read, IOException failure) {
        read.become(State.FAILED);
        failures.put(read.slice(), failure);
    }

    /** Whether each wanted cell is there or can be rebuilt. */
    private boolean complete() {
        boolean rebuildable = having(GOOD).cardinality() >= reading.slices().needed();
        for (int cell = 0; cell < wanted.length; cell++) {
            if (!has(cell, GOOD) && !(rebuildable && window.covers(wanted[cell]))) {
                return false;
            }
        }
        return true;
    }

    private void rebuild() {
        BitSet lacking = new BitSet();
        for (int cell = 0; cell < wanted.length; cell++) {
            lacking.set(cell, !has(cell, GOOD));
        }
        if (!lacking.isEmpty()) {
            rebuilt = reading.lendStripe(window);
            rebuild(rebuilt.memory().slab(), lacking);
        }
    }

    private void rebuild(CellSlab slab, BitSet lacking) {
        int windowBytes = reading.layout().cellBytes(stripe, window);
        BitSet sources = new BitSet();
        for (RangeRead read : reads) {
            boolean useful = read.state() == State.GOOD && read.blocks().covers(window) && !sources.get(read.slice());
            if (useful && sources.cardinality() < reading.slices().needed()) {
                sources.set(read.slice());
                read.copyTo(slab.region(), read.slice() * slab.pitchBytes(), windowStart(), windowBytes);
            }
        }
        reading.code().rebuild(slab, windowBytes, sources, lacking);
    }

    private void copyCell(int cell, int cellOffset, int count, ByteBuffer dst, int dstIndex) {
        RangeRead read = find(cell, wanted[cell], GOOD);
        if (read != null) {
            read.copyTo(dst, dstIndex, cellOffset, count);
        } else {
            CellSlab slab = Objects.requireNonNull(rebuilt, "rebuilt").memory().slab();
            int from = cell * slab.pitchBytes() + cellOffset - windowStart();
            dst.put(dstIndex, slab.region(), from, count);
        }
    }

    private ReadPace pace() {
        return reading.workshop().pace();
    }

    private int windowStart() {
        return window.first() * StripeLayout.BLOCK_BYTES;
    }

    /** Whether nothing is wanted of a cell, or a read of all of it is in one of these states. */
    private boolean has(int cell, Set<State> states) {
        return wanted[cell].isEmpty() || find(cell, wanted[cell], states) != null;
    }

    private @Nullable RangeRead find(int slice, BlockRange blocks, Set<State> states) {
        for (RangeRead read : reads) {
            if (read.slice() == slice
                    && states.contains(read.state())
                    && read.blocks().covers(blocks)) {
                return read;
            }
        }
        return null;
    }

    /** Returns the slices of which a read of the whole window is in one of these states. */
    private BitSet having(Set<State> states) {
        BitSet having = new BitSet();
        for (RangeRead read : reads) {
            if (states.contains(read.state()) && read.blocks().covers(window)) {
                having.set(read.slice());
            }
        }
        return having;
    }
}
