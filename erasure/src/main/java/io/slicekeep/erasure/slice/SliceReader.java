package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads one slice and verifies all that it reads. The slice is opened when it is first needed; then its header, length and
 * footer are compared with what is expected of it. Thread-safe.
 */
final class SliceReader {
    private static final Logger LOG = System.getLogger(SliceReader.class.getName());

    private final ReadPace pace;
    private final Site site;
    private final BlobKey key;
    private final SliceHeader expected;
    private final StripeLayout layout;

    /** Shared by overlapping reads; a source that failed is closed by the last of them, and the next read opens another. */
    private final AtomicReference<@Nullable Lease<BlobSource>> source = new AtomicReference<>();

    private volatile @Nullable IOException failure;
    private volatile boolean stale;
    private volatile boolean closed;

    SliceReader(ReadPace pace, Spread spread, Site site, StripeLayout layout) {
        this.pace = pace;
        this.site = site;
        this.key = spread.sliceKey(site.index());
        this.expected = SliceHeader.of(spread, site.slice());
        this.layout = layout;
    }

    Site site() {
        return site;
    }

    /** Returns why the slice failed last; null if it never did. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Holds against the slice that its site did not answer in time. */
    void blame(IOException late) {
        failure = late;
    }

    /** Tells of a slice that was opened whether it was placed by a configuration older than expected. */
    boolean stale() {
        return stale;
    }

    /** Opens and checks the slice unless it is open. */
    void open() throws IOException {
        step(() -> hold().release());
    }

    /** Fills {@code stored} with some blocks of the slice's cell, each followed by its checksum, and verifies them. */
    void read(long stripe, BlockRange blocks, ByteBuffer stored) throws IOException {
        step(() -> {
            Lease<BlobSource> opened = hold();
            try {
                stored.clear().limit(layout.storedBytes(stripe, blocks));
                opened.memory().readFullyAt(layout.sliceOffset(stripe, blocks.first()), stored);
            } finally {
                opened.release();
            }
            verify(stripe, blocks, stored);
        });
    }

    /** Closes the slice, once those who are still reading are done. */
    void close() {
        closed = true;
        letGo();
    }

    /** One call at the site. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void step(Step step) throws IOException {
        ReadPace.Call call = pace.begin(site);
        try {
            step.run();
            call.answered();
        } catch (IOException e) {
            throw failed(e);
        } finally {
            call.ended();
        }
    }

    private void verify(long stripe, BlockRange blocks, ByteBuffer stored) throws IntegrityException {
        BlockChecksum checksum = new BlockChecksum(expected.blobId(), expected.index());
        for (int block = blocks.first(); block < blocks.end(); block++) {
            int start = StripeLayout.storedOffset(blocks, block);
            int end = start + layout.blockBytes(stripe, block);
            int found = checksum.of(stored.limit(end).position(start), layout.ordinal(stripe, block));
            if (found != stored.clear().getInt(end)) {
                throw new IntegrityException("its slice is rotten at byte " + layout.sliceOffset(stripe, block));
            }
        }
    }

    /** Returns the open source with the caller as one of its holders. */
    private Lease<BlobSource> hold() throws IOException {
        Lease<BlobSource> known = source.get();
        if (known != null && known.hold()) {
            return known;
        }
        Lease<BlobSource> fresh = new Lease<>(openChecked(), this::closeQuietly);
        fresh.hold();
        if (!source.compareAndSet(known, fresh)) {
            fresh.release(); // another one was faster: this one serves its opener only
        } else if (closed) {
            letGo();
        }
        return fresh;
    }

    private BlobSource openChecked() throws IOException {
        BlobSource opened = site.store().open(key);
        try {
            check(opened);
            return opened;
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(opened);
            throw e;
        }
    }

    private void check(BlobSource opened) throws IOException {
        long sliceBytes = opened.length();
        ByteBuffer header = ByteBuffer.allocate((int) Math.min(SliceHeader.BYTES, sliceBytes));
        opened.readFullyAt(0, header);
        SliceHeader found = SliceHeader.parse(header.flip());
        require(found.blobId().equals(expected.blobId()), "is of blob " + found.blobId());
        require(found.index() == expected.index(), "is slice " + found.index() + " of its blob");
        require(
                found.dataSlices() == expected.dataSlices(),
                "is one of those of which " + found.dataSlices() + " give all");
        require(sliceBytes == layout.sliceBytes(), "has " + sliceBytes + " bytes, not " + layout.sliceBytes());
        checkFooter(opened);
        stale = Long.compareUnsigned(found.epoch(), expected.epoch()) < 0;
    }

    private void checkFooter(BlobSource opened) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SliceFooter.BYTES);
        opened.readFullyAt(layout.footerOffset(), bytes);
        SliceFooter footer = SliceFooter.parse(bytes.flip());
        require(footer.equals(SliceFooter.of(layout, expected.blobId())), "has the footer of another blob");
    }

    private void require(boolean holds, String found) throws IntegrityException {
        if (!holds) {
            throw new IntegrityException("its slice " + found);
        }
    }

    /** Remembers why; bytes that are wrong stay so, but whatever else failed may go better with a fresh source. */
    private IOException failed(IOException cause) {
        if (!(cause instanceof InterruptedIOException)) {
            failure = cause;
        }
        if (!(cause instanceof IntegrityException || cause instanceof FormatException)) {
            letGo();
        }
        return cause;
    }

    private void letGo() {
        Lease<BlobSource> open = source.getAndSet(null);
        if (open != null) {
            open.release();
        }
    }

    private void closeQuietly(BlobSource opened) {
        try {
            opened.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "slice " + key + " at " + site + " could not be closed: " + e);
        }
    }
}
