package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sites whose cells are wrong though their checksums are right. Confined to one thread at a time.
 *
 * <p>All cells at hand of the stripes in doubt are read once. The stripes are decoded from k of them after another - leaving out
 * nobody, then each, then each two, ... - until the judge says that every byte is right. Then all cells follow from these bytes,
 * and those that were read and differ are wrong, whatever the others say. Cells that were not read are not judged.
 */
public final class Blame implements AutoCloseable {
    /** How many choices of sites to leave out are looked at: all choices of three out of sixteen, and more. */
    private static final int MAX_TRIALS = 2000;

    /** Kept at a time: those in doubt, their neighbours, into which their chunks reach, and the first, where the blob begins. */
    private static final int MOST_STRIPES = 6;

    private final Reading reading;
    private final Map<Long, Loaded> stripes = new LinkedHashMap<>();
    private final Lease<StripeBuffer> decoded;
    private final Set<BitSet> tried = new HashSet<>();

    /** How many cells of each stripe are read. */
    private int wanted;

    private int trials;
    private boolean unheard;

    private Blame(Reading reading, int wanted) {
        this.reading = reading;
        this.wanted = wanted;
        this.decoded = reading.lendStripe();
    }

    /** Looks at slices that stay the caller's to close. */
    Blame(Reading reading) {
        this(reading, reading.slices().count());
    }

    /** As {@link #Blame(Reading)}, but reads only k cells of each stripe until some are wrong. */
    static Blame sparing(Reading reading) {
        return new Blame(reading, reading.slices().needed());
    }

    /**
     * Finds the wrong cells of the stripes that hold a range.
     *
     * @param workshop tasks and memory
     * @param spread where the blob lies
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @param doubt the range, and who can tell
     * @return for each site whose cell is wrong, why
     * @throws IntegrityException if no k cells were found that are right, though all sites were asked
     * @throws UnavailableException if none were found among those that could be asked
     * @throws io.slicekeep.error.TooFewSlicesException if fewer than k cells of a stripe can be read
     * @throws IOException if the judge cannot tell
     */
    public static Map<Integer, IOException> find(
            Workshop workshop, Spread spread, ErasureCode code, long blobBytes, Doubt doubt) throws IOException {
        Map<Integer, IOException> wrong = new TreeMap<>();
        IOException undecided = null;
        boolean decided = false;
        for (List<Site> members : spread.layout().memberships()) {
            Reading reading = Reading.of(workshop, spread, members, code, blobBytes);
            try (Blame blame = new Blame(reading)) {
                blame.find(doubt)
                        .forEach((slice, why) -> wrong.putIfAbsent(
                                reading.slices().reader(slice).site().index(), why));
                decided = true;
            } catch (IntegrityException | UnavailableException e) {
                undecided = undecided instanceof UnavailableException ? undecided : e;
            } finally {
                reading.slices().close();
            }
        }
        if (undecided != null && !decided) {
            throw undecided;
        }
        return wrong;
    }

    /** Finds the wrong cells of the stripes that hold a range. */
    Map<Integer, IOException> find(Doubt doubt) throws IOException {
        StripeLayout layout = reading.layout();
        long first = layout.stripeAt(doubt.fromOffset());
        long last = layout.stripeAt(doubt.toOffset() - 1);
        Doubt whole = new Doubt(layout.stripeStart(first), layout.stripeEnd(last), doubt.judge());
        BitSet hand = new BitSet();
        for (long stripe = first; stripe <= last; stripe++) {
            hand.or(load(stripe).present);
        }
        Candidate right = firstRight(hand, whole);
        Map<Integer, IOException> wrong = new TreeMap<>();
        for (long stripe = first; stripe <= last; stripe++) {
            accuse(stripe, right, wrong);
        }
        return wrong;
    }

    /** Returns memory that holds the data cells of a stripe, which the judge finds right, until the next call. */
    StripeBuffer rightCells(long stripe, Doubt.Judge judge) throws IOException {
        StripeLayout layout = reading.layout();
        firstRight(stripe, new Doubt(layout.stripeStart(stripe), layout.stripeEnd(stripe), judge))
                .decode(stripe);
        return decoded.memory();
    }

    @Override
    public void close() {
        decoded.release();
        forgetStripes();
    }

    private void forgetStripes() {
        stripes.values().forEach(loaded -> loaded.cells.release());
        stripes.clear();
    }

    private Candidate firstRight(long stripe, Doubt whole) throws IOException {
        Loaded loaded = load(stripe);
        if (loaded.present.cardinality() < reading.slices().needed()) {
            throw reading.slices().tooFew(loaded.failures);
        }
        try {
            return firstRight(loaded.present, whole);
        } catch (IntegrityException | UnavailableException e) {
            if (wanted == reading.slices().count()) {
                throw e;
            }
        }
        wanted = reading.slices().count();
        forgetStripes();
        return firstRight(stripe, whole);
    }

    private Candidate firstRight(BitSet hand, Doubt whole) throws IOException {
        tried.clear();
        trials = 0;
        int spare = hand.cardinality() - reading.slices().needed();
        for (int leftOut = 0; leftOut <= spare; leftOut++) {
            Candidate right = search(hand, 0, leftOut, whole);
            if (right != null) {
                return right;
            }
        }
        String what = "no " + reading.slices().needed() + " of the " + hand.cardinality()
                + " slices that pass their checksums give what was sealed"
                + (trials < MAX_TRIALS ? "" : ", of those tried");
        throw unheard
                ? new UnavailableException(what + ", and not all sites could be asked")
                : new IntegrityException(what);
    }

    private @Nullable Candidate search(BitSet rest, int from, int leftOut, Doubt whole) throws IOException {
        if (leftOut == 0) {
            return tryFirst(rest, whole);
        }
        for (int cell = rest.nextSetBit(from); cell >= 0 && trials < MAX_TRIALS; cell = rest.nextSetBit(cell + 1)) {
            rest.clear(cell);
            Candidate right = search(rest, cell + 1, leftOut - 1, whole);
            rest.set(cell);
            if (right != null) {
                return right;
            }
        }
        return null;
    }

    /** Tries the first k of these. */
    private @Nullable Candidate tryFirst(BitSet rest, Doubt whole) throws IOException {
        trials++;
        BitSet chosen = first(rest, new BitSet());
        if (!tried.add(chosen)) {
            return null;
        }
        Candidate candidate = new Candidate(chosen);
        try {
            whole.judge().require(candidate, whole.fromOffset(), whole.toOffset());
            return candidate;
        } catch (IntegrityException | FormatException e) {
            return null;
        }
    }

    /** Computes all cells of a stripe from right ones and compares with those that were read. */
    private void accuse(long stripe, Candidate right, Map<Integer, IOException> wrong) throws IOException {
        Loaded loaded = right.decode(stripe);
        int cellBytes = reading.layout().cellBytes(stripe);
        CellSlab slab = decoded.memory().slab();
        BitSet others = new BitSet();
        others.set(0, reading.slices().count());
        others.andNot(right.sources(loaded));
        reading.code().rebuild(slab, cellBytes, right.sources(loaded), others);
        loaded.present.stream()
                .filter(cell -> !cell(slab, cell, cellBytes).equals(cell(loaded.slab(), cell, cellBytes)))
                .forEach(cell -> wrong.putIfAbsent(
                        cell,
                        new IntegrityException(
                                "stripe " + stripe + ": the cell passes its checksums and is not what was sealed")));
    }

    private static ByteBuffer cell(CellSlab slab, int cell, int cellBytes) {
        return slab.region().slice(cell * slab.pitchBytes(), cellBytes);
    }

    private Loaded load(long stripe) throws InterruptedIOException {
        Loaded known = stripes.remove(stripe);
        Loaded loaded = known == null ? read(stripe) : known;
        stripes.put(stripe, loaded);
        return loaded;
    }

    private Loaded read(long stripe) throws InterruptedIOException {
        if (stripes.size() == MOST_STRIPES) {
            Iterator<Loaded> oldestFirst = stripes.values().iterator();
            oldestFirst.next().cells.release();
            oldestFirst.remove();
        }
        Lease<StripeBuffer> cells = reading.lendStripe();
        boolean read = false;
        try {
            StripeCells asked = new StripeCells(reading);
            BitSet present = asked.read(stripe, cells.memory().slab(), wanted);
            Loaded loaded = new Loaded(cells, present, asked.failures());
            // What a slow site or one that is away might say could be right.
            unheard |= !asked.failures().values().stream().allMatch(SlicekeepException::isDamage);
            read = true;
            return loaded;
        } finally {
            if (!read) {
                cells.release();
            }
        }
    }

    /** Adds to some cells the first of others, up to k. */
    private BitSet first(BitSet others, BitSet some) {
        BitSet chosen = (BitSet) some.clone();
        for (int cell = others.nextSetBit(0);
                cell >= 0 && chosen.cardinality() < reading.slices().needed();
                cell = others.nextSetBit(cell + 1)) {
            chosen.set(cell);
        }
        return chosen;
    }

    /** The cells of one stripe as their sites gave them, or why not. */
    private record Loaded(Lease<StripeBuffer> cells, BitSet present, Map<Integer, IOException> failures) {
        CellSlab slab() {
            return cells.memory().slab();
        }
    }

    /** The blob as k sites tell it; in a stripe where one of them has no cell, others fill in. */
    private final class Candidate extends StripewiseSource {
        private final BitSet chosen;
        private long decodedStripe = -1;

        Candidate(BitSet chosen) {
            super(reading.layout());
            this.chosen = chosen;
        }

        @Override
        StripeBuffer dataCells(long stripe) throws IOException {
            decode(stripe);
            return decoded.memory();
        }

        @Override
        public void close() {}

        BitSet sources(Loaded loaded) {
            BitSet own = (BitSet) chosen.clone();
            own.and(loaded.present);
            return first(loaded.present, own);
        }

        /** Computes the data cells of a stripe. */
        Loaded decode(long stripe) throws IOException {
            Loaded loaded = load(stripe);
            if (decodedStripe != stripe) {
                BitSet sources = sources(loaded);
                if (sources.cardinality() < reading.slices().needed()) {
                    throw reading.slices().tooFew(loaded.failures);
                }
                decode(stripe, loaded, sources);
                decodedStripe = stripe;
            }
            return loaded;
        }

        private void decode(long stripe, Loaded loaded, BitSet sources) throws IntegrityException {
            int cellBytes = reading.layout().cellBytes(stripe);
            CellSlab slab = decoded.memory().slab();
            sources.stream()
                    .forEach(cell -> slab.region()
                            .put(
                                    cell * slab.pitchBytes(),
                                    loaded.slab().region(),
                                    cell * slab.pitchBytes(),
                                    cellBytes));
            BitSet lacking = new BitSet();
            lacking.set(0, reading.code().dataCells());
            lacking.andNot(sources);
            reading.code().rebuild(slab, cellBytes, sources, lacking);
            requirePadding(stripe, cellBytes);
        }

        /** What follows the blob's last byte is under no tag, and must be zero. */
        private void requirePadding(long stripe, int cellBytes) throws IntegrityException {
            int stripeBytes =
                    (int) (reading.layout().stripeEnd(stripe) - reading.layout().stripeStart(stripe));
            int padding = reading.code().dataCells() * cellBytes - stripeBytes;
            ByteBuffer bytes = ByteBuffer.allocate(padding);
            decoded.memory().get(stripeBytes, cellBytes, bytes, 0, padding);
            while (bytes.hasRemaining()) {
                if (bytes.get() != 0) {
                    throw new IntegrityException("stripe " + stripe + " is not padded with zeros");
                }
            }
        }
    }
}
