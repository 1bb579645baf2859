package io.slicekeep.record;

import io.slicekeep.error.FormatException;
import java.util.Arrays;

/**
 * Base64 whose text sorts as its bytes do: {@code 0-9 A-Z _ a-z ~} stand for 0 to 63, most significant bits first, the last
 * character filled with zero bits, no padding. Reading is strict: every byte string has one text and every text at most one
 * byte string.
 */
public final class SortableBase64 {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    private static final byte[] VALUES = values();

    private SortableBase64() {}

    /**
     * Returns how many characters stand for so many bytes.
     *
     * @param bytes how many bytes
     * @return how many characters
     */
    public static int textLength(int bytes) {
        return (8 * bytes + 5) / 6;
    }

    /**
     * Writes bytes.
     *
     * @param bytes any bytes
     * @return their text
     */
    public static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder(textLength(bytes.length));
        int pending = 0;
        int pendingBits = 0;
        for (byte b : bytes) {
            pending = (pending << 8) | (b & 0xff);
            for (pendingBits += 8; pendingBits >= 6; ) {
                pendingBits -= 6;
                text.append(ALPHABET.charAt((pending >>> pendingBits) & 63));
            }
        }
        if (pendingBits > 0) {
            text.append(ALPHABET.charAt((pending << (6 - pendingBits)) & 63));
        }
        return text.toString();
    }

    /**
     * Reads bytes.
     *
     * @param text any text
     * @return the bytes
     * @throws FormatException if the text is of no bytes
     */
    public static byte[] decode(CharSequence text) throws FormatException {
        byte[] bytes = new byte[text.length() * 6 / 8];
        int pending = 0;
        int pendingBits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            pending = (pending << 6) | value(text.charAt(i));
            pendingBits += 6;
            if (pendingBits >= 8) {
                pendingBits -= 8;
                bytes[at++] = (byte) (pending >>> pendingBits);
            }
        }
        if (pendingBits >= 6 || (pending & ((1 << pendingBits) - 1)) != 0) {
            throw corrupt("has bits left over");
        }
        return bytes;
    }

    /** Appends a number below 64^characters (at most 10 of them, or 11 whose first then holds the top 4 bits). */
    static void appendNumber(StringBuilder text, long number, int characters) {
        for (int i = characters - 1; i >= 0; i--) {
            text.append(ALPHABET.charAt((int) (number >>> (6 * i)) & 63));
        }
    }

    /** Reads a number below 2^63. */
    static long number(CharSequence text) throws FormatException {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (number >>> 57 != 0) {
                throw corrupt("holds a number that is too great");
            }
            number = (number << 6) | value(text.charAt(i));
        }
        return number;
    }

    private static int value(char c) throws FormatException {
        int value = c < VALUES.length ? VALUES[c] : -1;
        if (value < 0) {
            throw corrupt("holds another character");
        }
        return value;
    }

    private static FormatException corrupt(String why) {
        return new FormatException(FormatException.Kind.CORRUPT, "sortable base64 " + why);
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        return values;
    }
}
