package io.slicekeep.chunk;

import io.slicekeep.error.IntegrityException;
import java.nio.ByteBuffer;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;

/** Opens chunks of one body, in any order. Confined to one thread at a time; several openers may share their keys. */
public final class ChunkOpener {
    private final ChunkCipher cipher;
    private final Object blob;

    /**
     * Prepares to open.
     *
     * @param keys the body's keys, whose commitment has been compared. They stay the caller's
     * @param provider the provider of AES-GCM
     * @param blob names the blob in messages
     */
    public ChunkOpener(ChunkKeys keys, Provider provider, Object blob) {
        this.cipher = new ChunkCipher(keys, provider, Cipher.DECRYPT_MODE);
        this.blob = blob;
    }

    /**
     * Opens a chunk.
     *
     * @param chunkIndex its place, 0 to 2^32 - 1
     * @param sealed all that remains is the sealed chunk, 16 to 16400 bytes; backed by an array
     * @param plaintext takes 16 bytes less, and holds zeros there after a failure; backed by another array
     * @throws IntegrityException if these are not the bytes that were sealed as this chunk; the message is the same for
     *     every cause
     */
    public void open(long chunkIndex, ByteBuffer sealed, ByteBuffer plaintext) throws IntegrityException {
        int chunkBytes = sealed.remaining() - ChunkLayout.TAG_BYTES;
        if (chunkBytes < 0 || chunkBytes > ChunkLayout.CHUNK_BYTES) {
            throw refused(chunkIndex);
        }
        try {
            cipher.process(chunkIndex, sealed, plaintext);
        } catch (ChunkCipher.Refused e) {
            // A provider may write before it knows; and no cause is passed on, since providers word causes differently.
            int start = plaintext.arrayOffset() + plaintext.position();
            Arrays.fill(plaintext.array(), start, start + chunkBytes, (byte) 0);
            throw refused(chunkIndex);
        }
    }

    private IntegrityException refused(long chunkIndex) {
        return new IntegrityException(
                "chunk " + chunkIndex + " of blob " + blob + " is damaged or not the one that was sealed there");
    }
}
