package io.slicekeep.erasure.slice;

import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a blob, wherever it lies: at one site, or at two while one takes the other's place. What one copy does not
 * give, the other may. Thread-safe.
 */
final class SliceCopies {
    /** What is asked of a copy. */
    @FunctionalInterface
    private interface Step {
        void run(SliceReader copy) throws IOException;
    }

    private final List<SliceReader> copies;
    private volatile int preferred;

    SliceCopies(List<SliceReader> copies) {
        this.copies = List.copyOf(copies);
    }

    /** Returns the site that is asked first. */
    Site site() {
        return copies.get(preferred).site();
    }

    /** Opens and checks the slice unless it is open. */
    void open() throws IOException {
        run(SliceReader::open);
    }

    /** Fills {@code stored} with some blocks of the slice's cell, each followed by its checksum, and verifies them. */
    void read(long stripe, BlockRange blocks, ByteBuffer stored) throws IOException {
        run(copy -> copy.read(stripe, blocks, stored));
    }

    private void run(Step step) throws IOException {
        int first = preferred;
        try {
            step.run(copies.get(first));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            if (copies.size() == 1) {
                throw e;
            }
            runOther(step, first, e);
        }
    }

    private void runOther(Step step, int first, IOException failure) throws IOException {
        int other = 1 - first;
        try {
            step.run(copies.get(other));
            preferred = other;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Returns why no copy is good; null if one never failed. */
    @Nullable
    IOException failure() {
        IOException failure = null;
        for (SliceReader copy : copies) {
            failure = copy.failure();
            if (failure == null) {
                return null;
            }
        }
        return failure;
    }

    /** Holds against the copy that is asked first that its site is slow. */
    void blame(IOException slowness) {
        int slow = preferred;
        copies.get(slow).blame(slowness);
        preferred = (slow + 1) % copies.size();
    }

    /** Tells of a slice that was opened whether it was placed by a configuration older than expected. */
    boolean stale() {
        return copies.get(preferred).stale();
    }

    void close() {
        copies.forEach(SliceReader::close);
    }
}
