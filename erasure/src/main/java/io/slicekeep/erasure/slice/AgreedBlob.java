package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.IntegrityException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/**
 * A blob as k + f of k + 2f slices agree on it: what can be known of it without keys while up to f sites lie. What is passed on
 * follows from the very cells that were compared. Confined to one thread at a time.
 */
public final class AgreedBlob extends StripewiseSource {
    private final Reading reading;
    private final StripeCells cells;
    private final int faults;
    private final Lease<StripeBuffer> read;
    private final Lease<StripeBuffer> scratch;
    private long agreedStripe = -1;

    private AgreedBlob(Reading reading, int faults) {
        super(reading.layout());
        this.reading = reading;
        this.cells = new StripeCells(reading);
        this.faults = faults;
        this.read = reading.lendStripe();
        this.scratch = reading.lendStripe();
    }

    /**
     * Opens a blob. Reading it fails with {@link io.slicekeep.error.TooFewSlicesException} where a stripe has fewer than k + 2f
     * cells, and with {@link IntegrityException} where fewer than k + f of them agree.
     *
     * @param workshop tasks and memory
     * @param spread where the blob lies
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @return the blob, to be closed by the caller
     */
    public static AgreedBlob open(Workshop workshop, Spread spread, ErasureCode code, long blobBytes) {
        return new AgreedBlob(
                Reading.of(workshop, spread, code, blobBytes), spread.layout().faults());
    }

    @Override
    StripeBuffer dataCells(long stripe) throws IOException {
        if (stripe != agreedStripe) {
            agreedStripe = -1;
            complete(stripe, read.memory().slab());
            agreedStripe = stripe;
        }
        return read.memory();
    }

    @Override
    public void close() {
        read.release();
        scratch.release();
        reading.slices().close();
    }

    /** Reads the cells of a stripe, compares them, and computes the data cells from those that agree. */
    private void complete(long stripe, CellSlab slab) throws IOException {
        int wanted = reading.slices().needed() + 2 * faults;
        int cellBytes = reading.layout().cellBytes(stripe);
        BitSet agreeing = cells.read(stripe, slab, wanted);
        if (agreeing.cardinality() < wanted) {
            throw reading.slices().tooFew(cells.failures());
        }
        ParityAudit audit =
                new ParityAudit(reading.code(), slab, scratch.memory().slab());
        Optional<BitSet> liars = audit.liars(cellBytes, agreeing);
        liars.ifPresent(agreeing::andNot);
        if (liars.isEmpty() || agreeing.cardinality() < reading.slices().needed() + faults) {
            throw new IntegrityException("stripe " + stripe
                    + ": the cells pass their checksums and contradict each other; only who has the keys can tell");
        }
        BitSet lacking = new BitSet();
        lacking.set(0, reading.code().dataCells());
        lacking.andNot(agreeing);
        reading.code().rebuild(slab, cellBytes, agreeing, lacking);
    }
}
