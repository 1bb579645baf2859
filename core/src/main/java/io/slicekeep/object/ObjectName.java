package io.slicekeep.object;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of an object: 1 to 4096 bytes, any but NUL, with {@code /} as the separator by which listings group. Usually
 * UTF-8 text; file names that are not are kept byte for byte. Names order bytewise. Immutable.
 */
public final class ObjectName implements Comparable<ObjectName> {
    /** The longest name, in bytes. */
    public static final int MAX_BYTES = 4096;

    private final byte[] bytes;

    private ObjectName(byte[] bytes) {
        if (bytes.length < 1 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("an object's name must have 1 to 4096 bytes: bytes=" + bytes.length);
        }
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("an object's name must not hold NUL");
            }
        }
        this.bytes = bytes;
    }

    /**
     * Returns the name of a text.
     *
     * @param text encoded as UTF-8
     * @return the name
     */
    public static ObjectName of(String text) {
        return new ObjectName(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the name of these bytes.
     *
     * @param bytes copied
     * @return the name
     */
    public static ObjectName ofBytes(byte[] bytes) {
        return new ObjectName(bytes.clone());
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
    public int compareTo(ObjectName other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectName that && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the text, or {@code \xHH} for each byte that is not part of UTF-8 text. */
    @Override
    public String toString() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return escaped();
        }
    }

    private String escaped() {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            if (b >= ' ' && b < 0x7f && b != '\\') {
                text.append((char) b);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }
}
