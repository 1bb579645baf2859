package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.chunk.ChunkSealer;
import io.slicekeep.format.v1.SealedHeader;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.security.Provider;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Seals one blob of unknown length from front to back, in constant memory, into a channel that stays the caller's. What has
 * been written can be read only after {@link #finish()}: before, the last chunk is missing, and every reader refuses what
 * has none. Confined to one thread at a time.
 *
 * <p>Errors are sticky: after a failure every later call but {@link #close()} fails with the same exception. Trying again
 * takes a new sealer with a new secret and blob id.
 */
public final class BlobSealer implements WritableByteChannel {
    /** How many sealed chunks are handed on at once. */
    private static final int BATCH_CHUNKS = 4;

    private final WritableByteChannel target;
    private final ChunkKeys keys;
    private final ChunkSealer chunks;
    private final ByteBuffer staged = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
    private final ByteBuffer sealed;
    private final BlobId blobId;
    private long plaintextBytes;
    private boolean finished;
    private boolean closed;
    private @Nullable IOException failure;

    private BlobSealer(WritableByteChannel target, SealedHead head, ChunkKeys keys, Provider provider) {
        this.target = target;
        this.blobId = head.blobId();
        this.keys = keys;
        this.chunks = new ChunkSealer(keys, provider);
        byte[] headBytes = head.bytes();
        this.sealed = ByteBuffer.allocate(headBytes.length + BATCH_CHUNKS * ChunkLayout.SEALED_CHUNK_BYTES);
        sealed.put(headBytes);
    }

    /**
     * Starts a blob without a slot area: the slots of its secret stand elsewhere, and so should its {@link #commitment()}.
     * Nothing is written yet.
     *
     * @param target takes the sealed blob; neither committed nor closed
     * @param secret drawn for this blob alone, its context made {@linkplain io.slicekeep.key.KeyContext#withBlob with
     *     its id}; not kept
     * @param blobId drawn for this blob alone
     * @param random where the salt comes from
     * @return to be closed by the caller
     */
    public static BlobSealer create(WritableByteChannel target, OpenSecret secret, BlobId blobId, RandomSource random) {
        requireContextOf(secret, blobId);
        return create(target, secret, new SealedHeader(blobId, 0), new byte[0], Means.of(random));
    }

    static BlobSealer create(
            WritableByteChannel target, OpenSecret secret, SealedHeader header, byte[] slotArea, Means means) {
        BlockingIo.requireBlocking(target);
        byte[] salt = means.random().bytes(ChunkLayout.SALT_BYTES);
        ChunkKeys keys = SealedHead.deriveKeys(secret, header, salt);
        SealedHead head = new SealedHead(header, slotArea, salt, keys.commitment());
        return new BlobSealer(target, head, keys, means.provider());
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
     * Returns what the blob commits to: with it a reader knows that he opens this very secret's blob. Not secret.
     *
     * @return 32 bytes
     */
    public byte[] commitment() {
        return keys.commitment();
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
        }
    }

    /**
     * Seals the last chunk and writes what is left. At most once; afterwards only {@link #close()} may be called. Neither
     * commits nor closes the target.
     *
     * @throws IOException if the target fails; the blob is complete only if the target took all of it before
     */
    public void finish() throws IOException {
        requireWritable();
        try {
            sealStaged();
            flush();
            finished = true;
        } catch (IOException | RuntimeException e) {
            throw fail(e);
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

    private IOException fail(Exception cause) {
        failure = cause instanceof IOException io ? io : new IOException("sealing failed", cause);
        Arrays.fill(staged.array(), (byte) 0);
        return failure;
    }

    private static void requireContextOf(OpenSecret secret, BlobId blobId) {
        if (!blobId.toString().equals(secret.context().entries().get("slicekeep.blob"))) {
            throw new IllegalArgumentException(
                    "the secret must be of this blob: blobId=" + blobId + " secret=" + secret);
        }
    }
}
