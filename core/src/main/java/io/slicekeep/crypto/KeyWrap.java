package io.slicekeep.crypto;

import io.slicekeep.error.IntegrityException;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * KWP: AES-256 key wrap with padding (RFC 5649, NIST SP 800-38F section 6.3). Deterministic and without a nonce, so that a
 * wrapping key has no limit of uses that matters. It authenticates, but does not commit to its key: whoever unwraps
 * compares a commitment too.
 */
public final class KeyWrap {
    /** The length of a wrapping key, in bytes. */
    public static final int KEY_BYTES = 32;

    /** The longest secret that can be wrapped, in bytes: a bound of ours, far above any key. */
    public static final int MAX_SECRET_BYTES = 4096;

    private static final int BLOCK_BYTES = 8;
    private static final int MIN_WRAPPED_BYTES = 2 * BLOCK_BYTES;

    private KeyWrap() {}

    /**
     * Returns the length of a wrapped secret.
     *
     * @param secretBytes the length of the secret, 1 to 4096
     * @return the length, rounded up to 8 bytes, and 8 bytes more
     */
    public static int wrappedBytes(int secretBytes) {
        return (secretBytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES + BLOCK_BYTES;
    }

    /**
     * Wraps a secret.
     *
     * @param key 32 bytes
     * @param secret 1 to 4096 bytes
     * @return the wrapped secret
     */
    public static byte[] wrap(byte[] key, byte[] secret) {
        if (secret.length < 1 || secret.length > MAX_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "a secret must have 1 to " + MAX_SECRET_BYTES + " bytes: bytes=" + secret.length);
        }
        try {
            return keyedCipher(Cipher.ENCRYPT_MODE, key).doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("KWP takes every secret of this length", e);
        }
    }

    /**
     * Unwraps a secret.
     *
     * @param key 32 bytes
     * @param wrapped what {@link #wrap} gave, from storage that is not trusted
     * @return the secret, the caller's to wipe
     * @throws IntegrityException if it does not unwrap; the message is the same for every cause
     */
    public static byte[] unwrap(byte[] key, byte[] wrapped) throws IntegrityException {
        Cipher cipher = keyedCipher(Cipher.DECRYPT_MODE, key);
        boolean possible = wrapped.length >= MIN_WRAPPED_BYTES
                && wrapped.length <= wrappedBytes(MAX_SECRET_BYTES)
                && wrapped.length % BLOCK_BYTES == 0;
        if (!possible) {
            throw doesNotUnwrap();
        }
        try {
            return cipher.doFinal(wrapped);
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause is dropped on purpose: providers word a wrong key, length and padding differently.
            throw doesNotUnwrap();
        }
    }

    private static IntegrityException doesNotUnwrap() {
        return new IntegrityException("the wrapped key does not open with this key");
    }

    private static Cipher keyedCipher(int mode, byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a wrapping key must have 32 bytes: bytes=" + key.length);
        }
        Cipher cipher = Jce.cipher("AES/KWP/NoPadding");
        AesKey aesKey = AesKey.copyOf(key, 0, KEY_BYTES);
        try {
            cipher.init(mode, aesKey);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("AES takes every key of 32 bytes", e);
        } finally {
            aesKey.destroy();
        }
    }
}
