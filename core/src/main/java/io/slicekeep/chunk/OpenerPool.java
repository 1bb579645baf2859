package io.slicekeep.chunk;

import io.slicekeep.error.IntegrityException;
import java.nio.ByteBuffer;
import java.security.Provider;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Lends openers with their buffers to the readers of one blob, one to each, and keeps a few for reuse. Closing wipes the
 * keys once the last lease has come back, so that a read under way never sees half a key. Thread-safe.
 */
final class OpenerPool implements AutoCloseable {
    /** Idle leases beyond this are dropped. */
    private static final int MAX_IDLE = 4;

    private final ChunkKeys keys;
    private final Provider provider;
    private final Object blob;
    private final Object lock = new Object();
    private final Deque<Lease> idle = new ArrayDeque<>(); // guarded by lock
    private int lent; // guarded by lock
    private boolean closed; // guarded by lock

    OpenerPool(ChunkKeys keys, Provider provider, Object blob) {
        this.keys = keys;
        this.provider = provider;
        this.blob = blob;
    }

    /** Returns an opener for one read, to be closed when it is done. */
    Lease lease() {
        synchronized (lock) {
            requireOpen();
            lent++;
            Lease lease = idle.poll();
            return lease != null ? lease : new Lease();
        }
    }

    void requireOpen() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            idle.clear();
            wipeUnlessLent();
        }
    }

    private void giveBack(Lease lease) {
        synchronized (lock) {
            lent--;
            if (!closed && idle.size() < MAX_IDLE) {
                idle.push(lease);
            }
            wipeUnlessLent();
        }
    }

    private void wipeUnlessLent() {
        if (closed && lent == 0) {
            keys.close();
        }
    }

    /** An opener, a buffer of sealed chunks and one for a chunk of plaintext, which is wiped when the lease ends. */
    final class Lease implements AutoCloseable {
        private final ChunkOpener opener = new ChunkOpener(keys, provider, blob);
        private final ByteBuffer staging = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
        private ByteBuffer sealed = ByteBuffer.allocate(ChunkLayout.SEALED_CHUNK_BYTES);
        private int stagedBytes;

        private Lease() {}

        /** Returns an empty buffer with room for this much, to be filled with sealed chunks and flipped. */
        ByteBuffer sealed(int wantedBytes) {
            if (sealed.capacity() < wantedBytes) {
                sealed = ByteBuffer.allocate(wantedBytes);
            }
            return sealed.clear().limit(wantedBytes);
        }

        /** Opens the next of the sealed chunks and throws its plaintext away. */
        void openNext(long chunkIndex) throws IntegrityException {
            stage(chunkIndex);
        }

        /** Opens the next of the sealed chunks and puts its plaintext from {@code skipBytes} on, as much as fits. */
        void openNext(long chunkIndex, int skipBytes, ByteBuffer dst) throws IntegrityException {
            boolean whole = skipBytes == 0 && nextChunkBytes() <= dst.remaining();
            if (whole && dst.hasArray()) {
                open(chunkIndex, dst);
                return;
            }
            stage(chunkIndex);
            staging.position(skipBytes);
            staging.limit(Math.min(staging.limit(), skipBytes + dst.remaining()));
            dst.put(staging);
        }

        @Override
        public void close() {
            Arrays.fill(staging.array(), 0, stagedBytes, (byte) 0);
            stagedBytes = 0;
            giveBack(this);
        }

        private void stage(long chunkIndex) throws IntegrityException {
            open(chunkIndex, staging.clear());
            staging.flip();
            stagedBytes = Math.max(stagedBytes, staging.limit());
        }

        private void open(long chunkIndex, ByteBuffer plaintext) throws IntegrityException {
            int end = sealed.limit();
            sealed.limit(sealed.position() + nextChunkBytes() + ChunkLayout.TAG_BYTES);
            try {
                opener.open(chunkIndex, sealed, plaintext);
            } finally {
                sealed.limit(end);
            }
        }

        private int nextChunkBytes() {
            return Math.min(sealed.remaining(), ChunkLayout.SEALED_CHUNK_BYTES) - ChunkLayout.TAG_BYTES;
        }
    }
}
