package io.slicekeep.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.security.Provider;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of one body, of unknown length, in constant memory. Before {@link #finish()} the last chunk is missing,
 * and every reader refuses what has none. Confined to one thread at a time. Errors are sticky: after a failure every later
 * call but {@link #close()} fails with the same exception.
 */
public final class BodyWriter implements WritableByteChannel {
    /** How many sealed chunks are handed on at once. */
    private static final int BATCH_CHUNKS = 4;

    private final WritableByteChannel target;
    private final ChunkKeys keys;
    private final ChunkSealer chunks;
    private final ByteBuffer staged = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
    private final ByteBuffer sealed;
    private long plaintextBytes;
    private boolean finished;
    private boolean closed;
    private @Nullable IOException failure;

    /**
     * Starts a body. Nothing is written yet.
     *
     * @param target takes the head and the chunks; neither committed nor closed
     * @param head what stands before the first chunk, salt and commitment at its end; written with the first chunks
     * @param keys the body's keys, fresh; wiped on close
     * @param provider the provider of AES-GCM
     */
    public BodyWriter(WritableByteChannel target, byte[] head, ChunkKeys keys, Provider provider) {
        this.target = BlockingIo.requireBlocking(target);
        this.keys = keys;
        this.chunks = new ChunkSealer(keys, provider);
        this.sealed = ByteBuffer.allocate(head.length + BATCH_CHUNKS * ChunkLayout.SEALED_CHUNK_BYTES);
        sealed.put(head);
    }

    /**
     * Returns how much plaintext has been written.
     *
     * @return bytes
     */
    public long plaintextBytes() {
        return plaintextBytes;
    }

    /**
     * Seals all remaining bytes of {@code src}; whole chunks are handed on, the rest waits.
     *
     * @param src plaintext
     * @return the number of bytes that remained
     * @throws IOException if the target fails; the position stays
     */
    @Override
    public int write(ByteBuffer src) throws IOException {
        requireWritable();
        int position = src.position();
        int limit = src.limit();
        try {
            while (src.hasRemaining()) {
                append(src, limit);
            }
            plaintextBytes += limit - position;
            return limit - position;
        } catch (IOException | RuntimeException e) {
            src.limit(limit).position(position);
            throw fail(e);
        } catch (Error e) {
            src.limit(limit).position(position);
            fail(e);
            throw e;
        }
    }

    /**
     * Seals the last chunk and writes what is left. At most once; afterwards only {@link #close()} may be called.
     *
     * @throws IOException if the target fails; the body is complete only if the target took all of it before
     */
    public void finish() throws IOException {
        requireWritable();
        try {
            sealStaged();
            flush();
            finished = true;
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        } catch (Error e) {
            fail(e);
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Wipes the keys and the plaintext that waits. Idempotent; leaves the target open and, unless finished, incomplete. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(staged.array(), (byte) 0);
        keys.close();
    }

    /** Seals a whole chunk out of the caller's array, or stages what there is. */
    private void append(ByteBuffer src, int limit) throws IOException {
        if (staged.position() == 0 && src.hasArray() && src.remaining() >= ChunkLayout.CHUNK_BYTES) {
            src.limit(src.position() + ChunkLayout.CHUNK_BYTES);
            seal(src);
            src.limit(limit);
            return;
        }
        int part = Math.min(src.remaining(), staged.remaining());
        staged.put(staged.position(), src, src.position(), part);
        staged.position(staged.position() + part);
        src.position(src.position() + part);
        if (!staged.hasRemaining()) {
            sealStaged();
        }
    }

    private void sealStaged() throws IOException {
        staged.flip();
        seal(staged);
        staged.clear();
    }

    private void seal(ByteBuffer chunk) throws IOException {
        if (sealed.remaining() < ChunkLayout.SEALED_CHUNK_BYTES) {
            flush();
        }
        chunks.seal(chunk, sealed);
    }

    private void flush() throws IOException {
        sealed.flip();
        BlockingIo.writeFully(target, sealed);
        sealed.clear();
    }

    private void requireWritable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (finished) {
            throw new IllegalStateException("already finished");
        }
        if (failure != null) {
            throw failure;
        }
    }

    private IOException fail(Throwable cause) {
        failure = cause instanceof IOException io ? io : new IOException("sealing failed", cause);
        Arrays.fill(staged.array(), (byte) 0);
        return failure;
    }
}
