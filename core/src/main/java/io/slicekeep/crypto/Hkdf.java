package io.slicekeep.crypto;

import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** HKDF, the HMAC-based key derivation function of RFC 5869, over one of two hashes. Immutable. */
public enum Hkdf {
    /** HKDF with HMAC-SHA-256. */
    SHA256("HmacSHA256", 32),
    /** HKDF with HMAC-SHA-512. */
    SHA512("HmacSHA512", 64);

    /** The longest output is this many times the hash length (RFC 5869 section 2.3). */
    private static final int MAX_BLOCKS = 255;

    private final String macAlgorithm;
    private final int hashBytes;

    Hkdf(String macAlgorithm, int hashBytes) {
        this.macAlgorithm = macAlgorithm;
        this.hashBytes = hashBytes;
    }

    /**
     * Extracts, then expands.
     *
     * @param salt any length; empty stands for a hash length of zero bytes
     * @param inputKey the secret to derive from
     * @param info what the output is for
     * @param outputBytes 1 to 255 hash lengths
     * @return the derived key, the caller's to wipe
     */
    public byte[] derive(byte[] salt, byte[] inputKey, byte[] info, int outputBytes) {
        byte[] pseudorandomKey = extract(salt, inputKey);
        try {
            return expand(pseudorandomKey, info, outputBytes);
        } finally {
            Arrays.fill(pseudorandomKey, (byte) 0);
        }
    }

    /**
     * Condenses a secret into a key for {@link #expand} (RFC 5869 section 2.2).
     *
     * @param salt any length; empty stands for a hash length of zero bytes
     * @param inputKey the secret to derive from
     * @return one hash length of bytes, the caller's to wipe
     */
    public byte[] extract(byte[] salt, byte[] inputKey) {
        return keyedMac(salt.length == 0 ? new byte[hashBytes] : salt).doFinal(inputKey);
    }

    /**
     * Stretches a key into as many bytes as asked for (RFC 5869 section 2.3).
     *
     * @param pseudorandomKey what {@link #extract} gave, or a uniformly random key
     * @param info what the output is for
     * @param outputBytes 1 to 255 hash lengths
     * @return the derived key, the caller's to wipe
     */
    public byte[] expand(byte[] pseudorandomKey, byte[] info, int outputBytes) {
        if (outputBytes < 1 || outputBytes > MAX_BLOCKS * hashBytes) {
            throw new IllegalArgumentException(
                    "outputBytes must be 1 to " + MAX_BLOCKS * hashBytes + ": outputBytes=" + outputBytes);
        }
        Mac mac = keyedMac(pseudorandomKey);
        byte[] block = new byte[hashBytes];
        byte[] output = new byte[outputBytes];
        for (int offset = 0, counter = 1; offset < outputBytes; offset += hashBytes, counter++) {
            if (offset > 0) {
                mac.update(block);
            }
            mac.update(info);
            mac.update((byte) counter);
            finish(mac, block);
            System.arraycopy(block, 0, output, offset, Math.min(hashBytes, outputBytes - offset));
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    private Mac keyedMac(byte[] key) {
        try {
            Mac mac = Jce.mac(macAlgorithm);
            mac.init(new SecretKeySpec(key, macAlgorithm));
            return mac;
        } catch (InvalidKeyException e) {
            throw new AssertionError("HMAC takes a key of any length", e);
        }
    }

    private static void finish(Mac mac, byte[] block) {
        try {
            mac.doFinal(block, 0);
        } catch (ShortBufferException e) {
            throw new AssertionError("a block has the length of the hash", e);
        }
    }
}
