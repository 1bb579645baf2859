package io.slicekeep.record;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A string of bytes that never changes, ordered bytewise. {@code equals} takes the same time wherever two differ. */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the bytes of an array.
     *
     * @param source copied
     * @return the bytes
     */
    public static Bytes of(byte[] source) {
        return new Bytes(source.clone());
    }

    static Bytes copyOf(ByteBuffer source, int offset, int count) {
        byte[] copy = new byte[count];
        source.get(offset, copy);
        return new Bytes(copy);
    }

    /**
     * Returns the SHA-256 of what remains of a buffer.
     *
     * @param source its position stays
     * @return 32 bytes
     */
    public static Bytes sha256(ByteBuffer source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(source.duplicate());
            return new Bytes(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * Returns how many bytes there are.
     *
     * @return at least 0
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Returns the bytes.
     *
     * @return a copy
     */
    public byte[] toArray() {
        return bytes.clone();
    }

    /**
     * Returns the bytes without copying them.
     *
     * @return a read-only buffer of its own
     */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Tells whether these bytes begin with others.
     *
     * @param prefix the others
     * @return true if they do
     */
    public boolean startsWith(Bytes prefix) {
        return prefix.bytes.length <= bytes.length
                && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    /**
     * Finds a byte.
     *
     * @param value an ASCII character
     * @param from where to begin
     * @return its index, or -1
     */
    public int indexOf(char value, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == value) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns the first bytes.
     *
     * @param count how many
     * @return those bytes
     */
    public Bytes first(int count) {
        return new Bytes(Arrays.copyOf(bytes, count));
    }

    /**
     * Returns the last bytes.
     *
     * @param index of the first of them, at most the length
     * @return those bytes
     */
    public Bytes from(int index) {
        return new Bytes(Arrays.copyOfRange(bytes, index, bytes.length));
    }

    boolean isZero() {
        int bits = 0;
        for (byte b : bytes) {
            bits |= b;
        }
        return bits == 0;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && MessageDigest.isEqual(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes, 0, Math.min(16, bytes.length)) + (bytes.length > 16 ? "..." : "");
    }
}
