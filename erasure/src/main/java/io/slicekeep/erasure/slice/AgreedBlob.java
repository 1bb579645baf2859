package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.IntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;

/**
 * A blob as k + f of k + 2f slices agree on it: what can be known of it without keys while up to f sites lie. What is passed on
 * follows from the very cells that were compared. Confined to one thread at a time.
 */
public final class AgreedBlob {
    private final Reading reading;
    private final StripeCells cells;
    private final int faults;

    private AgreedBlob(Reading reading, int faults) {
        this.reading = reading;
        this.cells = new StripeCells(reading);
        this.faults = faults;
    }

    /**
     * Writes a blob to a sink, which stays the caller's to commit.
     *
     * @param workshop tasks and memory
     * @param spread where the blob lies, without the sites that the sink writes to
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @param sink takes the blob
     * @throws io.slicekeep.error.TooFewSlicesException if a stripe has fewer than k + 2f cells
     * @throws IntegrityException if fewer than k + f of them agree
     * @throws IOException if the sink fails
     */
    public static void copy(Workshop workshop, Spread spread, ErasureCode code, long blobBytes, DispersedSink sink)
            throws IOException {
        Reading reading = Reading.of(workshop, spread, code, blobBytes);
        try {
            new AgreedBlob(reading, spread.profile().faults()).copyTo(sink);
        } finally {
            reading.slices().close();
        }
    }

    private void copyTo(DispersedSink sink) throws IOException {
        Lease<StripeBuffer> read = lendStripe();
        Lease<StripeBuffer> scratch = lendStripe();
        try {
            ParityAudit audit = new ParityAudit(
                    reading.code(), read.memory().slab(), scratch.memory().slab());
            for (long stripe = 0; stripe < reading.layout().stripeCount(); stripe++) {
                complete(stripe, read.memory().slab(), audit);
                sink.write(bytes(stripe, read.memory()));
            }
        } finally {
            read.release();
            scratch.release();
        }
    }

    /** Reads the cells of a stripe, compares them, and computes the data cells from those that agree. */
    private void complete(long stripe, CellSlab slab, ParityAudit audit) throws IOException {
        int wanted = reading.slices().needed() + 2 * faults;
        int cellBytes = reading.layout().cellBytes(stripe);
        BitSet agreeing = cells.read(stripe, slab, wanted);
        if (agreeing.cardinality() < wanted) {
            throw reading.slices().tooFew(cells.failures());
        }
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

    private ByteBuffer bytes(long stripe, StripeBuffer stripeBuffer) {
        int count = (int) (reading.layout().stripeEnd(stripe) - reading.layout().stripeStart(stripe));
        ByteBuffer bytes = ByteBuffer.allocate(count);
        stripeBuffer.get(0, reading.layout().cellBytes(stripe), bytes, 0, count);
        return bytes;
    }

    private Lease<StripeBuffer> lendStripe() {
        int cellBytes = StripeLayout.fullCellBytes(reading.code().dataCells());
        return reading.workshop().lendStripe(reading.slices().count(), cellBytes);
    }
}
