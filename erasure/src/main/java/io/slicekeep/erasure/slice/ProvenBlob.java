package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A blob as a judge finds it right, stripe by stripe: what is told are the very bytes that were judged, whatever their sites say
 * next time. Confined to one thread at a time.
 */
public final class ProvenBlob extends StripewiseSource {
    private final Reading reading;
    private final Blame blame;
    private final Doubt.Judge judge;
    private @Nullable StripeBuffer proven;
    private long provenStripe;

    private ProvenBlob(Reading reading, Doubt.Judge judge) {
        super(reading.layout());
        this.reading = reading;
        this.blame = Blame.sparing(reading);
        this.judge = judge;
    }

    /**
     * Opens a blob. Reading it fails with {@link io.slicekeep.error.TooFewSlicesException} where fewer than k cells of a stripe can
     * be read, with {@link io.slicekeep.error.IntegrityException} where no k are right, and with
     * {@link io.slicekeep.error.UnavailableException} if others, that cannot be asked now, might be.
     *
     * @param workshop tasks and memory
     * @param spread where the blob lies
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @param judge tells which bytes are right
     * @return the blob, to be closed by the caller
     */
    public static ProvenBlob open(
            Workshop workshop, Spread spread, ErasureCode code, long blobBytes, Doubt.Judge judge) {
        return new ProvenBlob(Reading.of(workshop, spread, code, blobBytes), judge);
    }

    @Override
    StripeBuffer dataCells(long stripe) throws IOException {
        StripeBuffer known = proven;
        if (known == null || stripe != provenStripe) {
            proven = null;
            known = blame.rightCells(stripe, judge);
            proven = known;
            provenStripe = stripe;
        }
        return known;
    }

    @Override
    public void close() {
        blame.close();
        reading.slices().close();
    }
}
