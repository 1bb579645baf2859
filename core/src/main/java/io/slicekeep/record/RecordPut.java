package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the records of one revision at several sites, each in two steps: the bytes go there, then, when the gate opens, they
 * become visible. So a record whose bytes too few sites can take (full, read-only) becomes visible nowhere. Thread-safe.
 */
final class RecordPut {
    private static final System.Logger LOG = System.getLogger(RecordPut.class.getName());

    /** What became of a step. */
    enum Step {
        /** The bytes are there and wait for the gate. */
        STAGED,
        /** The record stands. */
        STANDING
    }

    private enum Gate {
        SHUT,
        OPEN,
        ABORTED
    }

    private final BlobKey key;
    private final RecordSet records;
    private final Deadline deadline;
    private final List<Staged> waiting = new ArrayList<>();
    private Gate gate = Gate.SHUT;

    RecordPut(BlobKey key, RecordSet records, Deadline deadline) {
        this.key = key;
        this.records = records;
        this.deadline = deadline;
    }

    /** From now on whatever is staged becomes visible. Returns what waits, for the caller to commit. */
    synchronized List<Staged> open() {
        gate = Gate.OPEN;
        return takeWaiting();
    }

    /** From now on nothing becomes visible. Returns what waits, for the caller to close. */
    synchronized List<Staged> abort() {
        gate = Gate.ABORTED;
        return takeWaiting();
    }

    /** Brings the bytes to a site, and makes them visible if the gate is open. */
    Step stage(Site site) throws IOException {
        requireInTime();
        BlobSink sink = site.store().create(key);
        try {
            ByteBuffer[] buffers = records.buffers(site.slice());
            sink.write(buffers, buffers.length);
        } catch (IOException | RuntimeException e) {
            sink.close();
            throw e;
        }
        Staged staged = new Staged(site.index(), sink);
        return waits(staged) ? Step.STAGED : staged.commit();
    }

    private synchronized boolean waits(Staged staged) {
        if (gate == Gate.SHUT) {
            waiting.add(staged);
        }
        return gate == Gate.SHUT;
    }

    private synchronized List<Staged> takeWaiting() {
        List<Staged> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    private synchronized void requireNotAborted() throws UnavailableException {
        if (gate == Gate.ABORTED) {
            throw new UnavailableException("given up, since too few sites took it");
        }
    }

    /** The last moments at which not to send it: later, others count on its never coming. */
    private void requireInTime() throws UnavailableException {
        if (deadline.passed()) {
            throw new UnavailableException("the operation's deadline had passed");
        }
    }

    /** Bytes that are at a site and not visible. */
    final class Staged {
        private final int siteIndex;
        private final BlobSink sink;

        private Staged(int siteIndex, BlobSink sink) {
            this.siteIndex = siteIndex;
            this.sink = sink;
        }

        int siteIndex() {
            return siteIndex;
        }

        /** Makes them visible, unless the put was aborted or the deadline has passed. */
        Step commit() throws IOException {
            try {
                requireNotAborted();
                requireInTime();
                sink.commit();
                return Step.STANDING;
            } finally {
                closeQuietly();
            }
        }

        /** Only the commit tells what stands: that the sink could not be closed must not hide it. */
        private void closeQuietly() {
            try {
                sink.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing " + key, e);
            }
        }

        /** Drops them. */
        Step drop() throws IOException {
            sink.close();
            return Step.STAGED;
        }
    }
}
