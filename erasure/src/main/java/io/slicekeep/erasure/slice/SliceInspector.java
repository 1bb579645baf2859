package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads all n slices of a blob at one set of members, a stripe at a time, and says what is wrong with each. Confined to one thread at a time.
 */
public final class SliceInspector {
    private final Workshop workshop;
    private final Spread spread;
    private final List<Site> members;
    private final Reading reading;

    /** Slices that cannot be read on. */
    private final Map<Integer, IOException> failures = new TreeMap<>();

    /** Slices that can be read and are wrong all the same. */
    private final Map<Integer, IOException> accusations = new TreeMap<>();

    private SliceInspector(Workshop workshop, Spread spread, List<Site> members, Reading reading) {
        this.workshop = workshop;
        this.spread = spread;
        this.members = members;
        this.reading = reading;
    }

    /**
     * Inspects a blob.
     *
     * @param workshop tasks and memory
     * @param spread where it lies
     * @param members n of its sites, one for each slice, in the slices' order
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @return for each site whose slice is not whole, why
     * @throws InterruptedIOException if the thread is interrupted
     */
    public static Map<Integer, IOException> inspect(
            Workshop workshop, Spread spread, List<Site> members, ErasureCode code, long blobBytes)
            throws InterruptedIOException {
        Reading reading = Reading.of(workshop, spread, members, code, blobBytes);
        try {
            SliceInspector inspector = new SliceInspector(workshop, spread, members, reading);
            inspector.openAll();
            inspector.inspectStripes();
            return inspector.findings();
        } finally {
            reading.slices().close();
        }
    }

    private void openAll() throws InterruptedIOException {
        TaskGroup<Integer> group = workshop.tasks().group();
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

    private void inspectStripes() throws InterruptedIOException {
        int cellBytes = StripeLayout.fullCellBytes(reading.code().dataCells());
        Lease<StripeBuffer> cells = workshop.lendStripe(reading.slices().count(), cellBytes);
        Lease<StripeBuffer> scratch = workshop.lendStripe(reading.slices().count(), cellBytes);
        try {
            CellSlab slab = cells.memory().slab();
            ParityAudit audit =
                    new ParityAudit(reading.code(), slab, scratch.memory().slab());
            for (long stripe = 0; stripe < reading.layout().stripeCount(); stripe++) {
                BitSet present = read(stripe, slab);
                if (present.cardinality() > reading.code().dataCells()) {
                    accuse(stripe, present, audit.liars(reading.layout().cellBytes(stripe), present));
                }
            }
        } finally {
            cells.release();
            scratch.release();
        }
    }

    /** Reads a stripe at all sites that still answer; returns whose cells are there. */
    private BitSet read(long stripe, CellSlab slab) throws InterruptedIOException {
        BlockRange blocks = reading.layout().allBlocks(stripe);
        Map<Integer, RangeRead> reads = new TreeMap<>();
        TaskGroup<Integer> group = workshop.tasks().group();
        try {
            BitSet asked = readable();
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
        Deadline deadline = workshop.siteDeadline();
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
        late.stream()
                .forEach(index -> failures.putIfAbsent(index, reading.slices().late()));
        return succeeded;
    }

    private void accuse(long stripe, BitSet present, Optional<BitSet> liars) {
        liars.orElse(present).stream()
                .forEach(index -> accusations.putIfAbsent(index, accusation(stripe, present, liars.isPresent())));
    }

    private IntegrityException accusation(long stripe, BitSet present, boolean named) {
        String cells = "stripe " + stripe + " of " + spread.base() + ": ";
        if (named) {
            return new IntegrityException(cells + "the cell passes its checksums and contradicts the others");
        }
        String names = present.stream().mapToObj(i -> members.get(i).name()).collect(Collectors.joining(", "));
        return new IntegrityException(cells + "the cells of " + names
                + " pass their checksums and contradict each other; it cannot be told whose are wrong");
    }

    private Map<Integer, IOException> findings() {
        Map<Integer, IOException> bySlice = new TreeMap<>(accusations);
        bySlice.putAll(failures);
        readable().stream()
                .filter(index -> reading.slices().reader(index).stale())
                .forEach(index -> bySlice.putIfAbsent(
                        index,
                        new IntegrityException("slice " + index + " of " + spread.base() + " is of an epoch before "
                                + spread.epoch())));
        Map<Integer, IOException> findings = new TreeMap<>();
        bySlice.forEach((index, failure) -> findings.put(members.get(index).index(), failure));
        return findings;
    }

    private BitSet readable() {
        BitSet readable = new BitSet();
        readable.set(0, reading.slices().count());
        failures.keySet().forEach(readable::clear);
        return readable;
    }
}
