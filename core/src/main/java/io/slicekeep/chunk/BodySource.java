package io.slicekeep.chunk;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.IntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.Provider;
import java.util.Arrays;

/**
 * Random access to the plaintext of one body. Every byte that is returned was authenticated at its place, and the length is
 * believed only after the last chunk has been opened where it says that it ends. Thread-safe: reads overlap.
 */
public final class BodySource implements BlobSource {
    /** How many chunks are fetched at once, at most: a MiB, so that a sliced blob is read from all its sites at a time. */
    private static final int MAX_BATCH_CHUNKS = 64;

    private final BlobSource source;
    private final long bodyOffset;
    private final long sealedBytes;
    private final long claimedBytes;
    private final OpenerPool openers;
    private final Object blob;
    private volatile boolean lengthProven;

    /**
     * Starts to read.
     *
     * @param source holds the body, which ends where the source does. Closed with this one
     * @param bodyOffset where in the source the salt stands
     * @param keys the body's keys, whose commitment has been compared; wiped on close
     * @param provider the provider of AES-GCM
     * @param blob names the blob in messages
     * @throws IOException if the source cannot be read or has a length that it cannot have
     */
    public BodySource(BlobSource source, long bodyOffset, ChunkKeys keys, Provider provider, Object blob)
            throws IOException {
        this.source = source;
        this.bodyOffset = bodyOffset;
        this.sealedBytes = source.length();
        this.claimedBytes = ChunkLayout.claimedPlaintextBytes(sealedBytes - bodyOffset);
        this.openers = new OpenerPool(keys, provider, blob);
        this.blob = blob;
    }

    @Override
    public long length() throws IOException {
        openers.requireOpen();
        proveLength();
        return claimedBytes;
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        openers.requireOpen();
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be >= 0: offset=" + offset);
        }
        if (!dst.hasRemaining()) {
            return 0;
        }
        if (offset >= claimedBytes) {
            proveLength();
            return -1;
        }
        ByteBuffer wanted = dst.duplicate();
        int wantedBytes = (int) Math.min(dst.remaining(), claimedBytes - offset);
        wanted.limit(wanted.position() + wantedBytes);
        try (OpenerPool.Lease lease = openers.lease()) {
            while (wanted.hasRemaining()) {
                readBatch(lease, offset + wantedBytes - wanted.remaining(), wanted);
            }
        }
        if (wantedBytes < dst.remaining()) {
            proveLength();
        }
        dst.position(wanted.position());
        return wantedBytes;
    }

    @Override
    public long transferTo(WritableByteChannel target) throws IOException {
        int bufferBytes = (int) Math.min(length() + 1, (long) MAX_BATCH_CHUNKS * ChunkLayout.CHUNK_BYTES);
        ByteBuffer buffer = ByteBuffer.allocate(bufferBytes);
        try {
            long offset = 0;
            while (readAt(offset, buffer.clear()) > 0) {
                offset += buffer.position();
                BlockingIo.writeFully(target, buffer.flip());
            }
            return offset;
        } finally {
            Arrays.fill(buffer.array(), (byte) 0);
        }
    }

    /**
     * Authenticates all chunks that a range of the source touches.
     *
     * @param fromOffset where the range begins in the source
     * @param toOffset where it ends
     * @throws IntegrityException if one is not what was sealed
     * @throws IOException if it cannot be read
     */
    public void verify(long fromOffset, long toOffset) throws IOException {
        long last = Math.min(ChunkLayout.chunkAtBody(toOffset - 1 - bodyOffset), ChunkLayout.chunkAt(claimedBytes));
        try (OpenerPool.Lease lease = openers.lease()) {
            for (long first = ChunkLayout.chunkAtBody(fromOffset - bodyOffset);
                    first <= last;
                    first += MAX_BATCH_CHUNKS) {
                long batchEnd = Math.min(last, first + MAX_BATCH_CHUNKS - 1);
                fetch(lease, first, batchEnd);
                for (long chunk = first; chunk <= batchEnd; chunk++) {
                    lease.openNext(chunk);
                }
            }
        }
    }

    /** Wipes the keys as soon as no read is under way, and closes the source beneath. Idempotent. */
    @Override
    public void close() throws IOException {
        openers.close();
        source.close();
    }

    /** Opens the last chunk, unless it has been opened: it is authentic only if the blob ends where it ends. */
    private void proveLength() throws IOException {
        if (lengthProven) {
            return;
        }
        try (OpenerPool.Lease lease = openers.lease()) {
            long lastChunk = ChunkLayout.chunkAt(claimedBytes);
            fetch(lease, lastChunk, lastChunk);
            lease.openNext(lastChunk);
        }
        lengthProven = true;
    }

    /** Reads into {@code dst} from {@code offset} until it is full or the most chunks that are fetched at once are used up. */
    private void readBatch(OpenerPool.Lease lease, long offset, ByteBuffer dst) throws IOException {
        long firstChunk = ChunkLayout.chunkAt(offset);
        long neededChunk = ChunkLayout.chunkAt(offset + dst.remaining() - 1);
        long lastChunk = Math.min(neededChunk, firstChunk + MAX_BATCH_CHUNKS - 1);
        fetch(lease, firstChunk, lastChunk);
        lease.openNext(firstChunk, ChunkLayout.offsetInChunk(offset), dst);
        for (long chunk = firstChunk + 1; chunk <= lastChunk; chunk++) {
            lease.openNext(chunk, 0, dst);
        }
        if (lastChunk == ChunkLayout.chunkAt(claimedBytes)) {
            lengthProven = true;
        }
    }

    private void fetch(OpenerPool.Lease lease, long firstChunk, long lastChunk) throws IOException {
        long start = bodyOffset + ChunkLayout.bodyOffset(firstChunk);
        long end = Math.min(bodyOffset + ChunkLayout.bodyOffset(lastChunk + 1), sealedBytes);
        ByteBuffer sealed = lease.sealed((int) (end - start));
        if (source.readAt(start, sealed) < end - start) {
            throw new IntegrityException(
                    "blob " + blob + " ends before byte " + end + ", which it had when it was opened");
        }
        sealed.flip();
    }
}
