package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.chunk.ChunkOpener;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Opens a sealed stream from front to back, in constant memory. It returns bytes only after their chunk has been
 * authenticated, and ends only after the last chunk and the end of the stream beneath: one that is cut or continued fails.
 * So whoever has read to the end has read all and nothing else; whoever stops before knows only that what he has is a
 * genuine beginning. Confined to one thread at a time.
 *
 * <p>Errors are sticky: after a failure every later read fails with the same exception. Closing wipes the keys and closes
 * the stream beneath.
 */
public final class SealedReader implements ReadableByteChannel {
    private static final int BATCH_CHUNKS = 4;

    private final ReadableByteChannel source;
    private final BlobId blobId;
    private final ChunkKeys keys;
    private final ChunkOpener opener;
    private final ByteBuffer sealed =
            ByteBuffer.allocate(BATCH_CHUNKS * ChunkLayout.SEALED_CHUNK_BYTES).limit(0);
    private final ByteBuffer opened =
            ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES).limit(0);
    private long nextIndex;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    private SealedReader(ReadableByteChannel source, BlobId blobId, ChunkKeys keys) {
        this.source = source;
        this.blobId = blobId;
        this.keys = keys;
        this.opener = new ChunkOpener(keys, BulkProvider.get(), blobId);
    }

    static SealedReader open(ReadableByteChannel source, KeyRing ring, KeyContext userContext) throws IOException {
        SealedHead head = SealedHead.read(BlockingIo.requireBlocking(source));
        try (OpenSecret secret = head.openSecret(ring, userContext)) {
            return new SealedReader(source, head.blobId(), head.openKeys(secret));
        }
    }

    /**
     * Returns the identity of the blob.
     *
     * @return its id
     */
    public BlobId blobId() {
        return blobId;
    }

    /**
     * Reads some plaintext: at most a chunk of it at once.
     *
     * @param dst takes it
     * @return the number of bytes read, 0 only if {@code dst} has no room; -1 at the end, which is then proven
     * @throws IntegrityException if the stream is not what was sealed; the position stays
     * @throws IOException if it cannot be read
     */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (failure != null) {
            throw failure;
        }
        if (!dst.hasRemaining()) {
            return 0;
        }
        try {
            int position = dst.position();
            while (dst.position() == position && (opened.hasRemaining() || !ended)) {
                deliver(dst);
            }
            return dst.position() > position ? dst.position() - position : -1;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Returns this reader as a stream, which closes the reader.
     *
     * @return the stream
     */
    public InputStream inputStream() {
        return Channels.newInputStream(this);
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        Arrays.fill(opened.array(), (byte) 0);
        keys.close();
        source.close();
    }

    @Override
    public String toString() {
        return "sealed blob " + blobId;
    }

    private void deliver(ByteBuffer dst) throws IOException {
        if (opened.hasRemaining()) {
            int part = Math.min(opened.remaining(), dst.remaining());
            dst.put(dst.position(), opened, opened.position(), part);
            dst.position(dst.position() + part);
            opened.position(opened.position() + part);
        } else if (dst.hasArray() && dst.remaining() >= ChunkLayout.CHUNK_BYTES) {
            openNext(dst);
        } else {
            openNext(opened.clear());
            opened.flip();
        }
    }

    /** Opens the next chunk. It is the last one if the stream ends before a whole one is there. */
    private void openNext(ByteBuffer plaintext) throws IOException {
        fill();
        int sealedBytes = Math.min(sealed.remaining(), ChunkLayout.SEALED_CHUNK_BYTES);
        if (sealedBytes < ChunkLayout.TAG_BYTES || nextIndex >= ChunkLayout.MAX_CHUNKS) {
            throw new IntegrityException(this + " ends in the middle, after chunk " + (nextIndex - 1));
        }
        int end = sealed.limit();
        sealed.limit(sealed.position() + sealedBytes);
        opener.open(nextIndex++, sealed, plaintext);
        sealed.limit(end);
        ended = sealedBytes < ChunkLayout.SEALED_CHUNK_BYTES;
    }

    /** Reads until a whole sealed chunk is there, or the stream ends. */
    private void fill() throws IOException {
        if (sealed.remaining() >= ChunkLayout.SEALED_CHUNK_BYTES) {
            return;
        }
        sealed.compact();
        int read = 0;
        while (read >= 0 && sealed.position() < ChunkLayout.SEALED_CHUNK_BYTES) {
            read = source.read(sealed);
        }
        sealed.flip();
    }
}
