package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads all n slices of a blob at one set of members, a stripe at a time, and says what is wrong with each. Where cells contradict
 * each other, the judge tells which are wrong; without one, the relation of the code, as far as it reaches. Confined to one thread
 * at a time.
 */
public final class SliceInspector {
    private final Spread spread;
    private final Reading reading;
    private final StripeCells cells;
    private final Order order;

    /** Slices that can be read and are wrong all the same. */
    private final Map<Integer, IOException> accusations = new TreeMap<>();

    /**
     * What is to be found out.
     *
     * @param suspects the indexes of the sites of whom it must be known whether their slices are whole
     * @param judge tells which bytes are right; null if nobody can
     */
    public record Order(Set<Integer> suspects, Doubt.@Nullable Judge judge) {}

    private SliceInspector(Spread spread, Reading reading, Order order) {
        this.spread = spread;
        this.reading = reading;
        this.cells = new StripeCells(reading);
        this.order = order;
    }

    /**
     * Inspects a blob.
     *
     * @param workshop tasks and memory
     * @param spread where it lies
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @param order what is to be found out
     * @return for each site of which it was found that its slice is not whole, why
     * @throws IOException if the thread is interrupted, or the judge cannot tell
     */
    public static Map<Integer, IOException> inspect(
            Workshop workshop, Spread spread, ErasureCode code, long blobBytes, Order order) throws IOException {
        Map<Integer, IOException> findings = new TreeMap<>();
        for (List<Site> members : spread.layout().memberships()) {
            Reading reading = Reading.of(workshop, spread, members, code, blobBytes);
            try {
                new SliceInspector(spread, reading, order).run().forEach(findings::putIfAbsent);
            } finally {
                reading.slices().close();
            }
        }
        return findings;
    }

    private Map<Integer, IOException> run() throws IOException {
        cells.openAll();
        inspectStripes();
        return findings();
    }

    private void inspectStripes() throws IOException {
        Lease<StripeBuffer> read = reading.lendStripe();
        Lease<StripeBuffer> scratch = reading.lendStripe();
        try {
            CellSlab slab = read.memory().slab();
            ParityAudit audit =
                    new ParityAudit(reading.code(), slab, scratch.memory().slab());
            for (long stripe = 0; stripe < reading.layout().stripeCount() && !settled(); stripe++) {
                BitSet present = cells.read(stripe, slab);
                if (present.cardinality() > reading.code().dataCells()) {
                    accuse(stripe, present, audit.liars(reading.layout().cellBytes(stripe), present));
                }
            }
        } finally {
            read.release();
            scratch.release();
        }
    }

    /** Whether something was found against each suspect, so that the rest need not be read. */
    private boolean settled() {
        return reading.slices().held().stream()
                .filter(slice -> order.suspects().contains(site(slice).index()))
                .allMatch(slice ->
                        accusations.containsKey(slice) || cells.failures().containsKey(slice));
    }

    private void accuse(long stripe, BitSet present, Optional<BitSet> liars) throws IOException {
        Doubt.Judge judge = order.judge();
        if (judge == null || liars.filter(BitSet::isEmpty).isPresent()) {
            accuseAll(stripe, present, liars);
            return;
        }
        StripeLayout layout = reading.layout();
        try (Blame blame = new Blame(reading)) {
            blame.find(new Doubt(layout.stripeStart(stripe), layout.stripeEnd(stripe), judge))
                    .forEach(accusations::putIfAbsent);
        } catch (IntegrityException | TooFewSlicesException e) {
            accuseAll(stripe, present, Optional.empty());
        }
    }

    private void accuseAll(long stripe, BitSet present, Optional<BitSet> liars) {
        liars.orElse(present).stream()
                .forEach(index -> accusations.putIfAbsent(index, accusation(stripe, present, liars.isPresent())));
    }

    private IntegrityException accusation(long stripe, BitSet present, boolean named) {
        String cells = "stripe " + stripe + " of " + spread.base() + ": ";
        if (named) {
            return new IntegrityException(cells + "the cell passes its checksums and contradicts the others");
        }
        String names = present.stream().mapToObj(slice -> site(slice).name()).collect(Collectors.joining(", "));
        return new IntegrityException(cells + "the cells of " + names
                + " pass their checksums and contradict each other; it cannot be told whose are wrong");
    }

    private Map<Integer, IOException> findings() {
        Map<Integer, IOException> bySlice = new TreeMap<>(accusations);
        bySlice.putAll(cells.failures());
        cells.readable().stream()
                .filter(index -> reading.slices().reader(index).stale())
                .forEach(index -> bySlice.putIfAbsent(
                        index,
                        new IntegrityException("slice " + index + " of " + spread.base() + " is of an epoch before "
                                + spread.epoch())));
        Map<Integer, IOException> findings = new TreeMap<>();
        bySlice.forEach((index, failure) -> findings.put(site(index).index(), failure));
        return findings;
    }

    private Site site(int slice) {
        return reading.slices().reader(slice).site();
    }
}
