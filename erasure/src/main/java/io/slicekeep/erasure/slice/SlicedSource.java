package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is put together from any k of its slices. Thread-safe: reads that overlap use cursors of their own, and the
 * last one to end leaves its cursor for the next.
 */
public final class SlicedSource implements BlobSource {
    private final Reading reading;
    private final AtomicReference<@Nullable StripeCursor> spare = new AtomicReference<>();
    private volatile boolean closed;

    private SlicedSource(Reading reading) {
        this.reading = reading;
    }

    /**
     * Opens a blob at k of its sites.
     *
     * @param workshop tasks and memory
     * @param spread where it lies
     * @param code for the spread's k and m
     * @param blobBytes its true length
     * @return a source, to be closed by the caller
     * @throws IOException if too few slices can be opened
     */
    public static SlicedSource open(Workshop workshop, Spread spread, ErasureCode code, long blobBytes)
            throws IOException {
        Reading reading = Reading.of(workshop, spread, code, blobBytes);
        try {
            reading.slices().open();
            return new SlicedSource(reading);
        } catch (IOException | RuntimeException | Error e) {
            reading.slices().close();
            throw e;
        }
    }

    @Override
    public long length() {
        requireOpen();
        return reading.layout().blobBytes();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        requireOpen();
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be >= 0: offset=" + offset);
        }
        if (!dst.hasRemaining()) {
            return 0;
        }
        long blobBytes = reading.layout().blobBytes();
        if (offset >= blobBytes) {
            return -1;
        }
        int count = (int) Math.min(dst.remaining(), blobBytes - offset);
        read(offset, count, dst);
        dst.position(dst.position() + count);
        return count;
    }

    @Override
    public void close() {
        closed = true;
        closeSpare();
        reading.slices().close();
    }

    private void read(long offset, int count, ByteBuffer dst) throws IOException {
        StripeCursor left = spare.getAndSet(null);
        StripeCursor cursor = left == null ? new StripeCursor(reading) : left;
        boolean whole = false;
        try {
            cursor.read(offset, count, dst, dst.position());
            whole = true;
        } finally {
            if (!whole || !spare.compareAndSet(null, cursor)) {
                cursor.close();
            }
            if (closed) {
                closeSpare();
            }
        }
    }

    private void closeSpare() {
        StripeCursor cursor = spare.getAndSet(null);
        if (cursor != null) {
            cursor.close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }
}
