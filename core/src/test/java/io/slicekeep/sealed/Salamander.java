package io.slicekeep.sealed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Forges "invisible salamanders" (Dodis et al., CRYPTO 2018): one AES-GCM ciphertext that authenticates under two keys and
 * decrypts to two messages. GHASH is linear in the ciphertext, so one free block makes both tags equal:
 *
 * <pre>
 *   sum of C_i (H1^e_i + H2^e_i) = E1(J1) + E2(J2),   solved for the block C_free
 * </pre>
 */
final class Salamander {
    private static final int BLOCK = 16;

    /** A key with the nonce that it is used with. */
    static final class Lock {
        private final byte[] key;
        private final byte[] nonce;

        Lock(byte[] key, byte[] nonce) {
            this.key = key;
            this.nonce = nonce;
        }

        byte[] open(byte[] sealed) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            return cipher.doFinal(sealed);
        }

        /** AES of one block. */
        private Gf128 encrypt(byte[] block) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return Gf128.of(cipher.doFinal(block));
        }

        private Gf128 hashKey() throws GeneralSecurityException {
            return encrypt(new byte[BLOCK]);
        }

        private byte[] counter(int value) {
            return ByteBuffer.allocate(BLOCK).put(nonce).putInt(value).array();
        }

        private Gf128 keystream(int block) throws GeneralSecurityException {
            return encrypt(counter(block + 2));
        }

        /** The tag of whole ciphertext blocks without associated data. */
        private Gf128 tag(byte[] ciphertext) throws GeneralSecurityException {
            Gf128 hash = new Gf128(0, 0);
            for (int offset = 0; offset < ciphertext.length; offset += BLOCK) {
                hash = hash.plus(block(ciphertext, offset)).times(hashKey());
            }
            hash = hash.plus(new Gf128(0, Byte.SIZE * (long) ciphertext.length)).times(hashKey());
            return hash.plus(encrypt(counter(1)));
        }
    }

    private Salamander() {}

    /**
     * Returns ciphertext and tag that both locks open: the first to a text that begins with {@code first}, the second to one
     * that has {@code second} behind it. Both messages are padded with spaces to whole blocks; the last block is free.
     */
    static byte[] forge(Lock one, String first, Lock two, String second) throws GeneralSecurityException {
        byte[] firstBytes = padded(first);
        byte[] secondBytes = padded(second);
        byte[] ciphertext = new byte[firstBytes.length + secondBytes.length + BLOCK];
        encrypt(one, firstBytes, ciphertext, 0);
        encrypt(two, secondBytes, ciphertext, firstBytes.length);

        // With the free block zero the tags differ by what the free block has to add, times the difference of H1^2 and
        // H2^2.
        Gf128 gap = one.tag(ciphertext).plus(two.tag(ciphertext));
        Gf128 factor = one.hashKey().power(2).plus(two.hashKey().power(2));
        byte[] free = gap.times(factor.inverse()).bytes();
        System.arraycopy(free, 0, ciphertext, ciphertext.length - BLOCK, BLOCK);

        byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + BLOCK);
        System.arraycopy(one.tag(ciphertext).bytes(), 0, sealed, ciphertext.length, BLOCK);
        return sealed;
    }

    private static void encrypt(Lock lock, byte[] message, byte[] ciphertext, int offset)
            throws GeneralSecurityException {
        for (int i = 0; i < message.length; i += BLOCK) {
            Gf128 block = block(message, i).plus(lock.keystream((offset + i) / BLOCK));
            System.arraycopy(block.bytes(), 0, ciphertext, offset + i, BLOCK);
        }
    }

    private static Gf128 block(byte[] bytes, int offset) {
        return Gf128.of(Arrays.copyOfRange(bytes, offset, offset + BLOCK));
    }

    private static byte[] padded(String message) {
        int blocks = (message.length() + BLOCK - 1) / BLOCK;
        return String.format(Locale.ROOT, "%-" + blocks * BLOCK + "s", message).getBytes(StandardCharsets.US_ASCII);
    }
}
