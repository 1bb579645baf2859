package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A blob that is told stripe by stripe. Confined to one thread at a time. */
abstract class StripewiseSource implements BlobSource {
    private final StripeLayout layout;

    StripewiseSource(StripeLayout layout) {
        this.layout = layout;
    }

    /** Returns memory that holds the data cells of a stripe until the next call. */
    abstract StripeBuffer dataCells(long stripe) throws IOException;

    @Override
    public long length() {
        return layout.blobBytes();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        if (!dst.hasRemaining() || offset >= length()) {
            return dst.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(dst.remaining(), length() - offset);
        for (int done = 0; done < count; ) {
            long stripe = layout.stripeAt(offset + done);
            int run = (int) Math.min(count - done, layout.stripeEnd(stripe) - offset - done);
            int inStripe = (int) (offset + done - layout.stripeStart(stripe));
            dataCells(stripe).get(inStripe, layout.cellBytes(stripe), dst, dst.position() + done, run);
            done += run;
        }
        dst.position(dst.position() + count);
        return count;
    }
}
