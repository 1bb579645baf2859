package io.slicekeep.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Provider;
import javax.crypto.Cipher;

/**
 * Seals the chunks of one body from the first to the last, each once. The counter is its own and moves before the cipher
 * runs, so that no nonce is used twice, whatever fails. Confined to one thread at a time.
 */
public final class ChunkSealer {
    private final ChunkCipher cipher;
    private long nextIndex;
    private boolean ended;

    /**
     * Starts a body.
     *
     * @param keys its keys, fresh: nothing was ever sealed under them. They stay the caller's
     * @param provider the provider of AES-GCM
     */
    public ChunkSealer(ChunkKeys keys, Provider provider) {
        this(keys, provider, 0);
    }

    ChunkSealer(ChunkKeys keys, Provider provider, long firstIndex) {
        this.cipher = new ChunkCipher(keys, provider, Cipher.ENCRYPT_MODE);
        this.nextIndex = firstIndex;
    }

    /**
     * Seals the next chunk. One that is shorter than {@link ChunkLayout#CHUNK_BYTES} is the last: a body must end with one,
     * and nothing follows it.
     *
     * @param plaintext all that remains is the chunk, at most 16384 bytes; backed by an array
     * @param sealed takes 16 bytes more; backed by another array
     * @throws IOException if the body has its 2^32 chunks already
     * @throws IllegalStateException if the last chunk was sealed already, or a call has failed
     */
    public void seal(ByteBuffer plaintext, ByteBuffer sealed) throws IOException {
        int chunkBytes = plaintext.remaining();
        if (chunkBytes > ChunkLayout.CHUNK_BYTES) {
            throw new IllegalArgumentException("a chunk must have at most 16384 bytes: chunkBytes=" + chunkBytes);
        }
        if (ended) {
            throw new IllegalStateException("the body has ended");
        }
        ended = true;
        if (nextIndex >= ChunkLayout.MAX_CHUNKS) {
            throw new IOException("sealed data must have at most " + ChunkLayout.MAX_CHUNKS + " chunks of 16 KiB");
        }
        cipher.process(nextIndex++, plaintext, sealed);
        ended = chunkBytes < ChunkLayout.CHUNK_BYTES;
    }
}
