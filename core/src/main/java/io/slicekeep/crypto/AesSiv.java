package io.slicekeep.crypto;

import io.slicekeep.error.IntegrityException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * AES-SIV (RFC 5297): deterministic authenticated encryption with a list of associated data. The same plaintext under the
 * same associated data always gives the same bytes, which is what names and hints need, and no nonce can go wrong.
 *
 * <p>Thread-safe until it is closed; closing wipes the keys.
 */
public final class AesSiv implements AutoCloseable {
    /** How much longer the sealed form is than the plaintext: the synthetic IV, which stands first. */
    public static final int OVERHEAD_BYTES = 16;

    /** The most strings of associated data (RFC 5297 section 7: 127 with the plaintext). */
    public static final int MAX_ASSOCIATED = 126;

    private final AesKey macKey;
    private final AesKey encryptionKey;

    private AesSiv(AesKey macKey, AesKey encryptionKey) {
        this.macKey = macKey;
        this.encryptionKey = encryptionKey;
    }

    /**
     * Returns AES-SIV under a key.
     *
     * @param key {@code K1 || K2}, copied: 64 bytes for two AES-256 keys, which is what Slicekeep uses; or 48 or 32
     * @return to be closed by the caller
     */
    public static AesSiv of(byte[] key) {
        int half = key.length / 2;
        if (key.length % 2 != 0) {
            throw new IllegalArgumentException("an AES-SIV key must have two equal halves: bytes=" + key.length);
        }
        return new AesSiv(AesKey.copyOf(key, 0, half), AesKey.copyOf(key, half, half));
    }

    /**
     * Seals a plaintext.
     *
     * @param plaintext any length, also 0
     * @param associated strings that must be given again to open, in this order; their number and borders count
     * @return {@code V || C}, 16 bytes longer than the plaintext
     */
    public byte[] seal(byte[] plaintext, byte[]... associated) {
        try {
            byte[] iv = syntheticIv(plaintext, associated);
            byte[] sealed = Arrays.copyOf(iv, OVERHEAD_BYTES + plaintext.length);
            counterMode(iv).doFinal(plaintext, 0, plaintext.length, sealed, OVERHEAD_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-SIV is not available", e);
        }
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @param sealed {@code V || C}
     * @param associated the same strings in the same order
     * @return the plaintext
     * @throws IntegrityException if the bytes, the key or the associated data are not those of the sealing
     */
    public byte[] open(byte[] sealed, byte[]... associated) throws IntegrityException {
        if (sealed.length < OVERHEAD_BYTES) {
            throw refused();
        }
        try {
            byte[] iv = Arrays.copyOf(sealed, OVERHEAD_BYTES);
            byte[] plaintext = counterMode(iv).doFinal(sealed, OVERHEAD_BYTES, sealed.length - OVERHEAD_BYTES);
            if (!MessageDigest.isEqual(iv, syntheticIv(plaintext, associated))) {
                Arrays.fill(plaintext, (byte) 0);
                throw refused();
            }
            return plaintext;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-SIV is not available", e);
        }
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        macKey.destroy();
        encryptionKey.destroy();
    }

    /** S2V of RFC 5297 section 2.4. */
    private byte[] syntheticIv(byte[] plaintext, byte[][] associated) throws GeneralSecurityException {
        if (associated.length > MAX_ASSOCIATED) {
            throw new IllegalArgumentException(
                    "associated data must be at most " + MAX_ASSOCIATED + " strings: strings=" + associated.length);
        }
        AesCmac cmac = new AesCmac(macKey);
        byte[] sum = cmac.tag(new byte[AesCmac.BLOCK_BYTES]);
        for (byte[] string : associated) {
            sum = AesCmac.doubled(sum);
            AesCmac.xorInto(sum, 0, cmac.tag(string));
        }
        byte[] last = endingWith(sum, plaintext);
        try {
            return cmac.tag(last);
        } finally {
            Arrays.fill(last, (byte) 0);
        }
    }

    /** The last string of S2V: the plaintext with the sum added to its end, or to its padding if it is short. */
    private static byte[] endingWith(byte[] sum, byte[] plaintext) {
        boolean isLong = plaintext.length >= AesCmac.BLOCK_BYTES;
        byte[] last = isLong ? plaintext.clone() : AesCmac.padded(plaintext);
        AesCmac.xorInto(last, last.length - AesCmac.BLOCK_BYTES, isLong ? sum : AesCmac.doubled(sum));
        return last;
    }

    /** AES-CTR from the synthetic IV with its 32nd and 64th bit from the right cleared (RFC 5297 section 2.5). */
    private Cipher counterMode(byte[] iv) throws GeneralSecurityException {
        byte[] counter = iv.clone();
        counter[8] &= 0x7f;
        counter[12] &= 0x7f;
        Cipher ctr = Jce.cipher("AES/CTR/NoPadding");
        ctr.init(Cipher.ENCRYPT_MODE, encryptionKey, new IvParameterSpec(counter));
        return ctr;
    }

    private static IntegrityException refused() {
        return new IntegrityException("sealed with another key or for another place, or damaged");
    }
}
