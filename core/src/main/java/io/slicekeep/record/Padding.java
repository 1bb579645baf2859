package io.slicekeep.record;

import io.slicekeep.error.FormatException;
import java.util.Arrays;

/** Padding of sealed values that hides exact lengths: 0x80, then zero bytes up to a multiple. */
final class Padding {
    private static final byte MARK = (byte) 0x80;

    private Padding() {}

    static byte[] add(byte[] bytes, int multiple) {
        int paddedBytes = (bytes.length / multiple + 1) * multiple;
        byte[] padded = Arrays.copyOf(bytes, paddedBytes);
        padded[bytes.length] = MARK;
        return padded;
    }

    static byte[] remove(byte[] padded, int multiple) throws FormatException {
        int end = padded.length - 1;
        int lowest = Math.max(0, padded.length - multiple);
        while (end > lowest && padded[end] == 0) {
            end--;
        }
        if (padded.length == 0 || padded.length % multiple != 0 || padded[end] != MARK) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a padded value must end with 0x80 and zero bytes");
        }
        return Arrays.copyOf(padded, end);
    }
}
