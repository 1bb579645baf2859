package io.slicekeep.blob;

import io.slicekeep.task.RandomSource;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The identity of one immutable blob: 16 random bytes, drawn fresh for every write and never used again. Whoever reads a
 * blob supplies the id that he expects; the one in the bytes is compared, never believed. Immutable.
 */
public final class BlobId {
    /** The length of an id, in bytes. */
    public static final int BYTES = 16;

    private final byte[] bytes;

    private BlobId(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Draws a fresh id.
     *
     * @param random where from
     * @return the id
     */
    public static BlobId random(RandomSource random) {
        return new BlobId(random.bytes(BYTES));
    }

    /**
     * Returns the id of these bytes.
     *
     * @param bytes 16 bytes, copied
     * @return the id
     */
    public static BlobId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a blob id must have 16 bytes: bytes=" + bytes.length);
        }
        return new BlobId(bytes.clone());
    }

    /**
     * Returns the bytes.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobId that && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns 32 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
