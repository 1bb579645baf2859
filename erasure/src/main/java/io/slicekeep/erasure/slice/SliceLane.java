package io.slicekeep.erasure.slice;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One slice on its way to its site.
 *
 * <p>Steps run as tasks, one after the other, each of which takes the lane and gives it back. A site may be at work on a step
 * for longer than anybody waits; then its lane is doomed, and whoever has it cleans up when the step ends: the owner at once
 * if nobody has it, else the task. So a sink is used by one thread at a time, and none is left open.
 */
final class SliceLane {
    private static final Logger LOG = System.getLogger(SliceLane.class.getName());

    private enum State {
        IDLE,
        BUSY,
        /** Busy, and to be cleaned up after. */
        DOOMED,
        ENDED
    }

    /** Whose key it is. */
    enum Claim {
        /** This write's alone: what became visible under it is taken back if the write fails. */
        SOLE,
        /** Also others', who put the same bytes there: what stands under it is right, whoever put it, and stays. */
        SHARED
    }

    /** A step of the work. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private final Site site;
    private final BlobKey key;
    private final Claim claim;
    private final SliceHeader header;
    private final BlockChecksum checksum;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    // Of whoever has the lane.
    private @Nullable BlobSink sink;
    private boolean mayBeVisible;
    private boolean stands;

    SliceLane(Spread spread, Site site, Claim claim) {
        this.site = site;
        this.claim = claim;
        this.key = spread.sliceKey(site.index());
        this.header = SliceHeader.of(spread, site.slice());
        this.checksum = new BlockChecksum(spread.blobId(), site.slice());
    }

    Site site() {
        return site;
    }

    /** Starts the slice at the site. */
    void create() throws IOException {
        step(() -> {
            try {
                sink = site.store().create(key);
                sink.write(header.bytes());
            } catch (BlobExistsException e) {
                foundStanding(e);
            }
        });
    }

    /** Appends this slice's cell of a stripe, while the memory is still lent. */
    void append(Lease<StripeBuffer> stripe, int cellBytes, long firstOrdinal) throws IOException {
        if (!stripe.hold()) {
            throw late();
        }
        try {
            step(() -> {
                if (!stands) {
                    ByteBuffer[] frame =
                            stripe.memory().frame(site.index(), header.index(), cellBytes, checksum, firstOrdinal);
                    opened().write(frame, 2 * StripeLayout.blockCount(cellBytes));
                }
            });
        } finally {
            stripe.release();
        }
    }

    /** Ends the slice with its footer and makes it visible. */
    void commit(SliceFooter footer) throws IOException {
        step(() -> {
            if (!stands) {
                commitOpened(footer);
            }
        });
    }

    private void commitOpened(SliceFooter footer) throws IOException {
        opened().write(footer.bytes());
        mayBeVisible = claim == Claim.SOLE;
        try {
            opened().commit();
        } catch (BlobExistsException e) {
            mayBeVisible = false;
            foundStanding(e);
        }
        closeQuietly(opened());
    }

    private void foundStanding(BlobExistsException found) throws BlobExistsException {
        if (claim == Claim.SOLE) {
            throw found;
        }
        stands = true;
    }

    /**
     * Gives the lane up: nothing that it did or does lasts, but what may be others' too.
     *
     * @return true if the caller must have {@link #cleanUp} run
     */
    boolean doom() {
        State before = state.getAndUpdate(now -> now == State.BUSY || now == State.DOOMED ? State.DOOMED : State.ENDED);
        boolean mine = before == State.IDLE || before == State.ENDED;
        return mine && (sink != null || mayBeVisible);
    }

    /**
     * Ends a lane whose step was not even begun.
     *
     * @return true if the caller must have {@link #cleanUp} run
     */
    boolean endIdle() {
        return state.compareAndSet(State.IDLE, State.ENDED) && sink != null;
    }

    /** Aborts the slice, or deletes it if it may have become visible and is this write's alone. */
    void cleanUp() throws IOException {
        if (sink != null) {
            closeQuietly(sink);
        }
        if (mayBeVisible) {
            site.store().delete(key);
        }
    }

    private void step(Step step) throws IOException {
        if (!state.compareAndSet(State.IDLE, State.BUSY)) {
            throw late();
        }
        State next = State.ENDED;
        try {
            step.run();
            next = State.IDLE;
        } finally {
            if (!state.compareAndSet(State.BUSY, next)) {
                state.set(State.ENDED);
                cleanUpQuietly();
            } else if (next == State.ENDED && sink != null) {
                closeQuietly(sink);
            }
        }
    }

    private BlobSink opened() throws IOException {
        if (sink == null) {
            throw late();
        }
        return sink;
    }

    private IOException late() {
        return new OutcomeUnknownException("slice " + key + " was given up");
    }

    private void cleanUpQuietly() {
        try {
            cleanUp();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "slice " + key + " at " + site + " could not be taken back: " + e);
        }
    }

    private void closeQuietly(BlobSink failed) {
        try {
            failed.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "slice " + key + " at " + site + " could not be closed: " + e);
        }
    }
}
