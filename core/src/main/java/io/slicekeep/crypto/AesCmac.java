package io.slicekeep.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * AES-CMAC (RFC 4493, NIST SP 800-38B), and the doubling in GF(2^128) that it shares with S2V. It is the last block of
 * AES-CBC over the message whose final block has been masked, so the JDK's CBC does the work. Confined to one thread.
 */
final class AesCmac {
    static final int BLOCK_BYTES = 16;

    private final Cipher cbc;
    private final byte[] wholeBlockMask;
    private final byte[] paddedBlockMask;

    AesCmac(AesKey key) throws GeneralSecurityException {
        cbc = Jce.cipher("AES/CBC/NoPadding");
        cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[BLOCK_BYTES]));
        wholeBlockMask = doubled(cbc.doFinal(new byte[BLOCK_BYTES]));
        paddedBlockMask = doubled(wholeBlockMask);
    }

    /** Returns the 16-byte tag of a message. */
    byte[] tag(byte[] message) throws GeneralSecurityException {
        byte[] blocks = padded(message);
        boolean whole = blocks.length == message.length;
        xorInto(blocks, blocks.length - BLOCK_BYTES, whole ? wholeBlockMask : paddedBlockMask);
        try {
            cbc.doFinal(blocks, 0, blocks.length, blocks, 0);
            return Arrays.copyOfRange(blocks, blocks.length - BLOCK_BYTES, blocks.length);
        } finally {
            Arrays.fill(blocks, (byte) 0);
        }
    }

    /** Returns a copy, padded with 0x80 and zero bytes to whole blocks unless it is at least one whole block. */
    static byte[] padded(byte[] message) {
        int blocks = Math.max(1, (message.length + BLOCK_BYTES - 1) / BLOCK_BYTES);
        byte[] padded = Arrays.copyOf(message, blocks * BLOCK_BYTES);
        if (padded.length > message.length) {
            padded[message.length] = (byte) 0x80;
        }
        return padded;
    }

    /** Multiplies by x in GF(2^128), without a branch on the block's bits. */
    static byte[] doubled(byte[] block) {
        byte[] product = new byte[BLOCK_BYTES];
        int carry = 0;
        for (int i = BLOCK_BYTES - 1; i >= 0; i--) {
            int shifted = (block[i] & 0xff) << 1 | carry;
            product[i] = (byte) shifted;
            carry = shifted >>> 8;
        }
        product[BLOCK_BYTES - 1] ^= (byte) (0x87 & -carry);
        return product;
    }

    static void xorInto(byte[] target, int offset, byte[] block) {
        for (int i = 0; i < block.length; i++) {
            target[offset + i] ^= block[i];
        }
    }
}
