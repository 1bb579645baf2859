package io.slicekeep.chunk;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.ProviderException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over one chunk at a time: one Cipher for all of them, one {@code doFinal} for each, on arrays, which is where
 * the JDK's AES-GCM is fastest. Its parameter object apart nothing is allocated per chunk. Confined to one thread.
 */
final class ChunkCipher {
    private static final int TAG_BITS = Byte.SIZE * ChunkLayout.TAG_BYTES;

    private final ChunkKeys keys;
    private final Cipher cipher;
    private final int mode;
    private final byte[] nonce = new byte[ChunkKeys.NONCE_BYTES];

    /** The provider refused: a wrong tag, when opening. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(Throwable cause) {
            super("AES-GCM refused", cause, false, true);
        }
    }

    ChunkCipher(ChunkKeys keys, Provider provider, int mode) {
        this.keys = keys;
        this.mode = mode;
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider + " has no AES-GCM", e);
        }
    }

    /** Encrypts or decrypts all that remains of {@code src} as the chunk of this index. */
    void process(long chunkIndex, ByteBuffer src, ByteBuffer dst) {
        keys.nonce(chunkIndex, nonce);
        try {
            cipher.init(mode, keys.key(), new GCMParameterSpec(TAG_BITS, nonce));
            int writtenBytes = cipher.doFinal(
                    src.array(),
                    src.arrayOffset() + src.position(),
                    src.remaining(),
                    dst.array(),
                    dst.arrayOffset() + dst.position());
            src.position(src.limit());
            dst.position(dst.position() + writtenBytes);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new Refused(e);
        }
    }
}
