package io.slicekeep.erasure.slice;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blob from offset to offset and keeps what it loaded last. Reads that follow on one another are soon served in
 * whole stripes, the next one loading while this one is used. Confined to one thread at a time; holds two stripes at most.
 */
final class StripeCursor {
    /** After so many bytes one after the other, the reader will want more. */
    static final int READ_AHEAD_AFTER_BYTES = 128 << 10;

    private final Reading reading;
    private @Nullable StripeLoad current;
    private @Nullable StripeLoad ahead;
    private long nextOffset;
    private long runBytes;

    StripeCursor(Reading reading) {
        this.reading = reading;
    }

    /** Reads bytes that are in the blob to an index of a buffer. After a failure only {@link #close} may be called. */
    void read(long offset, int count, ByteBuffer dst, int dstIndex) throws IOException {
        runBytes = offset == nextOffset ? runBytes : 0;
        long end = offset + count;
        for (long at = offset; at < end; ) {
            StripeLoad load = loadAt(at, end);
            load.await();
            int run = (int) (Math.min(end, load.endOffset()) - at);
            load.copyTo(dst, dstIndex + (int) (at - offset), at, run);
            at += run;
        }
        nextOffset = end;
        runBytes += count;
    }

    /** Idempotent. */
    void close() {
        current = closed(current);
        ahead = closed(ahead);
    }

    private StripeLoad loadAt(long offset, long end) {
        StripeLoad load = current;
        if (load == null || !load.covers(offset)) {
            closed(load);
            current = null;
            load = startAt(offset, end);
            current = load;
        }
        if (ahead == null && load.endOffset() < wantedEnd(end)) {
            ahead = start(load.endOffset(), end);
        }
        return load;
    }

    private StripeLoad startAt(long offset, long end) {
        StripeLoad next = ahead;
        ahead = null;
        if (next != null && next.covers(offset)) {
            return next;
        }
        closed(next);
        return start(offset, end);
    }

    private StripeLoad start(long offset, long end) {
        long stripeEnd = reading.layout().stripeEnd(reading.layout().stripeAt(offset));
        return StripeLoad.start(reading, offset, Math.min(wantedEnd(end), stripeEnd));
    }

    /** Up to where it is worth to load: the end of the read, or of the blob when reads follow on one another. */
    private long wantedEnd(long end) {
        return runBytes >= READ_AHEAD_AFTER_BYTES ? reading.layout().blobBytes() : end;
    }

    private static @Nullable StripeLoad closed(@Nullable StripeLoad load) {
        if (load != null) {
            load.close();
        }
        return null;
    }
}
