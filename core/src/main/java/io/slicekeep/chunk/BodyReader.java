package io.slicekeep.chunk;

import io.slicekeep.error.IntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.security.Provider;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of one body from the first to the last, in constant memory. It returns bytes only after their chunk has
 * been authenticated, and ends only after the last chunk and the end of the stream beneath. Confined to one thread at a time.
 * Errors are sticky: after a failure every later read fails with the same exception.
 */
public final class BodyReader implements ReadableByteChannel {
    private static final int BATCH_CHUNKS = 4;

    private final ReadableByteChannel source;
    private final ChunkKeys keys;
    private final ChunkOpener opener;
    private final Object blob;
    private final ByteBuffer sealed =
            ByteBuffer.allocate(BATCH_CHUNKS * ChunkLayout.SEALED_CHUNK_BYTES).limit(0);
    private final ByteBuffer opened =
            ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES).limit(0);
    private long nextIndex;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    /**
     * Starts to read.
     *
     * @param source where the first chunk begins; it must end with the last one. Closed with the reader
     * @param keys the body's keys, whose commitment has been compared; wiped on close
     * @param provider the provider of AES-GCM
     * @param blob names the blob in messages
     */
    public BodyReader(ReadableByteChannel source, ChunkKeys keys, Provider provider, Object blob) {
        this.source = BlockingIo.requireBlocking(source);
        this.keys = keys;
        this.opener = new ChunkOpener(keys, provider, blob);
        this.blob = blob;
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
        } catch (RuntimeException | Error e) {
            failure = new IOException("a former read failed", e);
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Wipes the keys and the plaintext that was not asked for, and closes the stream beneath. Idempotent. */
    @Override
    public void close() throws IOException {
        closed = true;
        Arrays.fill(opened.array(), (byte) 0);
        keys.close();
        source.close();
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
            throw new IntegrityException("blob " + blob + " does not end with its last chunk: chunk=" + nextIndex);
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
        int readBytes = 0;
        while (readBytes >= 0 && sealed.position() < ChunkLayout.SEALED_CHUNK_BYTES) {
            readBytes = source.read(sealed);
        }
        sealed.flip();
    }
}
