package io.slicekeep.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * An AES key that can be wiped, which {@code SecretKeySpec} cannot. Each cipher takes a copy when it is initialized (and
 * SunJCE wipes that copy). Not thread-safe against {@link #destroy}: the owner destroys when no other thread uses it.
 */
public final class AesKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] bytes;
    private transient boolean destroyed;

    private AesKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Copies a key out of an array.
     *
     * @param source holds the key
     * @param offset where it begins
     * @param keyBytes 16, 24 or 32
     * @return the key
     */
    public static AesKey copyOf(byte[] source, int offset, int keyBytes) {
        if (keyBytes != 16 && keyBytes != 24 && keyBytes != 32) {
            throw new IllegalArgumentException("an AES key must have 16, 24 or 32 bytes: keyBytes=" + keyBytes);
        }
        return new AesKey(Arrays.copyOfRange(source, offset, offset + keyBytes));
    }

    @Override
    public String getAlgorithm() {
        return "AES";
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /** Returns a copy, as the interface asks. */
    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("closed");
        }
        return bytes.clone();
    }

    /** Wipes the key. Idempotent. */
    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return "AesKey[...]";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(AesKey.class.getName());
    }
}
