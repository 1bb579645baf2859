package io.slicekeep.chunk;

import io.slicekeep.crypto.AesKey;
import io.slicekeep.crypto.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The key, base nonce and commitment of one body, derived from its data key, salt and context as Cobblestone-256 says.
 * Because all three come from one HKDF output of SHA-512, whoever finds two inputs with one commitment has found a
 * collision of its 32 bytes: the body opens under one key only, with one context only.
 *
 * <p>Thread-safe until it is closed; closing wipes.
 */
public final class ChunkKeys implements AutoCloseable {
    /** The length of a data key. */
    public static final int DATA_KEY_BYTES = 32;

    static final int NONCE_BYTES = 12;

    private static final byte[] LABEL =
            "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;
    private static final int DERIVED_BYTES = KEY_BYTES + NONCE_BYTES + ChunkLayout.COMMITMENT_BYTES;

    private final AesKey key;
    private final byte[] baseNonce;
    private final byte[] commitment;

    private ChunkKeys(byte[] derived) {
        key = AesKey.copyOf(derived, 0, KEY_BYTES);
        baseNonce = Arrays.copyOfRange(derived, KEY_BYTES, KEY_BYTES + NONCE_BYTES);
        commitment = Arrays.copyOfRange(derived, KEY_BYTES + NONCE_BYTES, DERIVED_BYTES);
    }

    /**
     * Derives them.
     *
     * @param dataKey 32 uniformly random bytes
     * @param salt 24 bytes that no other encryption under this data key has
     * @param context what the body is bound to
     * @return to be closed by the caller
     */
    public static ChunkKeys derive(byte[] dataKey, byte[] salt, byte[] context) {
        if (dataKey.length != DATA_KEY_BYTES) {
            throw new IllegalArgumentException("a data key must have 32 bytes: bytes=" + dataKey.length);
        }
        if (salt.length != ChunkLayout.SALT_BYTES) {
            throw new IllegalArgumentException("a salt must have 24 bytes: bytes=" + salt.length);
        }
        byte[] info = Arrays.copyOf(LABEL, LABEL.length + salt.length + context.length);
        System.arraycopy(salt, 0, info, LABEL.length, salt.length);
        System.arraycopy(context, 0, info, LABEL.length + salt.length, context.length);
        byte[] derived = Hkdf.SHA512.expand(dataKey, info, DERIVED_BYTES);
        try {
            return new ChunkKeys(derived);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /**
     * Returns the commitment to key, salt and context. Not secret.
     *
     * @return 32 bytes, a copy
     */
    public byte[] commitment() {
        return commitment.clone();
    }

    /**
     * Compares the commitment with one that was found, in constant time.
     *
     * @param found any bytes
     * @return true if they are equal
     */
    public boolean commitTo(byte[] found) {
        return MessageDigest.isEqual(commitment, found);
    }

    /** Wipes the key and the base nonce. Idempotent. */
    @Override
    public void close() {
        key.destroy();
        Arrays.fill(baseNonce, (byte) 0);
    }

    AesKey key() {
        return key;
    }

    /** Writes the nonce of a chunk into {@code target}: the base nonce XOR the index as a 96-bit number. */
    void nonce(long chunkIndex, byte[] target) {
        System.arraycopy(baseNonce, 0, target, 0, NONCE_BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            target[NONCE_BYTES - 1 - i] ^= (byte) (chunkIndex >>> (Byte.SIZE * i));
        }
    }
}
