package io.slicekeep.chunk;

import io.slicekeep.error.IntegrityException;

/**
 * Where chunks lie in the plaintext and in the body of a sealed blob: the only place that multiplies or divides by their
 * size.
 *
 * <pre>
 *   plaintext   | chunk 0: 16384 | chunk 1: 16384 | ... | last: 0..16383 |
 *   body        | salt 24 | commitment 32 | chunk 0: 16384 + 16 | chunk 1: 16384 + 16 | ... | last: 16..16399 |
 * </pre>
 *
 * <p>The last chunk is always shorter than the others, and present even if it is empty; so its end is the end of the blob,
 * and a body cut at a chunk's border has no last chunk.
 */
public final class ChunkLayout {
    /** Plaintext in every chunk but the last. */
    public static final int CHUNK_BYTES = 16384;

    /** What sealing adds to each chunk. */
    public static final int TAG_BYTES = 16;

    /** The length of every sealed chunk but the last. */
    public static final int SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

    /** The salt, which stands first in the body. */
    public static final int SALT_BYTES = 24;

    /** The commitment, which follows the salt. */
    public static final int COMMITMENT_BYTES = 32;

    /** What stands before the first chunk. */
    public static final int PREFIX_BYTES = SALT_BYTES + COMMITMENT_BYTES;

    /** The most chunks of one blob, the last included. */
    public static final long MAX_CHUNKS = 1L << 32;

    /** The longest plaintext: 64 TiB less one byte. */
    public static final long MAX_PLAINTEXT_BYTES = MAX_CHUNKS * CHUNK_BYTES - 1;

    private ChunkLayout() {}

    /**
     * Returns which chunk holds a byte of the plaintext.
     *
     * @param plaintextOffset at least 0; the length of the plaintext gives the last chunk
     * @return the chunk's index
     */
    public static long chunkAt(long plaintextOffset) {
        return plaintextOffset / CHUNK_BYTES;
    }

    /**
     * Returns where in its chunk a byte of the plaintext stands.
     *
     * @param plaintextOffset at least 0
     * @return 0 to 16383
     */
    public static int offsetInChunk(long plaintextOffset) {
        return (int) (plaintextOffset % CHUNK_BYTES);
    }

    /**
     * Returns where a chunk begins in the body.
     *
     * @param chunkIndex 0 to 2^32
     * @return its offset from the salt
     */
    public static long bodyOffset(long chunkIndex) {
        return PREFIX_BYTES + chunkIndex * SEALED_CHUNK_BYTES;
    }

    /**
     * Returns which chunk holds a byte of the body.
     *
     * @param bodyOffset from the salt; what stands before the first chunk counts as that
     * @return the chunk's index
     */
    public static long chunkAtBody(long bodyOffset) {
        return Math.max(0, bodyOffset - PREFIX_BYTES) / SEALED_CHUNK_BYTES;
    }

    /**
     * Returns how long the body of a plaintext is.
     *
     * @param plaintextBytes 0 to {@link #MAX_PLAINTEXT_BYTES}
     * @return salt, commitment and chunks
     */
    public static long bodyBytes(long plaintextBytes) {
        if (plaintextBytes < 0 || plaintextBytes > MAX_PLAINTEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a plaintext must have 0 to " + MAX_PLAINTEXT_BYTES + " bytes: plaintextBytes=" + plaintextBytes);
        }
        return bodyOffset(chunkAt(plaintextBytes)) + offsetInChunk(plaintextBytes) + TAG_BYTES;
    }

    /**
     * Returns how long the plaintext of a body would be. Not to be believed before the last chunk has been opened.
     *
     * @param bodyBytes the length of the body as found
     * @return the length of the plaintext
     * @throws IntegrityException if no plaintext has a body of this length
     */
    public static long claimedPlaintextBytes(long bodyBytes) throws IntegrityException {
        long chunksBytes = bodyBytes - PREFIX_BYTES;
        long fullChunks = chunksBytes / SEALED_CHUNK_BYTES;
        long lastBytes = chunksBytes % SEALED_CHUNK_BYTES;
        if (chunksBytes < TAG_BYTES || lastBytes < TAG_BYTES || fullChunks >= MAX_CHUNKS) {
            throw new IntegrityException("sealed data ends where none can end: bodyBytes=" + bodyBytes);
        }
        return fullChunks * CHUNK_BYTES + lastBytes - TAG_BYTES;
    }
}
