package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.Dispersal.Meter;
import io.slicekeep.dispersal.Spread;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads one slice from its header to its footer, on the calling thread. Confined to one thread at a time. */
public final class SliceCheck {
    private final Workshop workshop;
    private final StripeLayout layout;
    private final SliceReader reader;

    /**
     * Prepares to read a slice.
     *
     * @param workshop memory
     * @param spread where the blob lies
     * @param siteIndex the site
     * @param blobBytes the blob's true length
     */
    public SliceCheck(Workshop workshop, Spread spread, int siteIndex, long blobBytes) {
        this.workshop = workshop;
        this.layout = new StripeLayout(spread.dataSlices(), blobBytes);
        this.reader = new SliceReader(workshop.pace(), spread, spread.sites().get(siteIndex), layout);
    }

    /**
     * Reads and checks it.
     *
     * @param meter is told of each cell before it is read
     * @throws IOException what is wrong with it, or keeps it from being read
     */
    public void run(Meter meter) throws IOException {
        Lease<ByteBuffer> stored =
                workshop.lendRange(StripeLayout.storedBytes(StripeLayout.fullCellBytes(layout.dataCells())));
        try {
            meter.reads(SliceHeader.BYTES + SliceFooter.BYTES);
            reader.open();
            for (long stripe = 0; stripe < layout.stripeCount(); stripe++) {
                meter.reads(layout.storedBytes(stripe, layout.allBlocks(stripe)));
                reader.read(stripe, layout.allBlocks(stripe), stored.memory());
            }
        } finally {
            reader.close();
            stored.release();
        }
    }
}
