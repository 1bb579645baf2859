package io.slicekeep.erasure.slice;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What can be parsed has one stored form; what cannot throws nothing but the format's exception. */
class SliceFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void aParsedHeaderIsStoredAsItself(byte[] input) {
        parseHeader(input);
        if (input.length >= SliceHeader.BYTES) {
            parseHeader(withChecksum(input, SliceHeader.BYTES));
        }
    }

    @FuzzTest(maxDuration = "1m")
    void aParsedFooterIsStoredAsItself(byte[] input) {
        parseFooter(input);
        if (input.length >= SliceFooter.BYTES) {
            parseFooter(withChecksum(input, SliceFooter.BYTES));
        }
    }

    private static void parseHeader(byte[] input) {
        try {
            requireSame(SliceHeader.parse(ByteBuffer.wrap(input)).bytes(), input);
        } catch (FormatException expected) {
            // the one way to refuse
        }
    }

    private static void parseFooter(byte[] input) {
        try {
            requireSame(SliceFooter.parse(ByteBuffer.wrap(input)).bytes(), input);
        } catch (FormatException expected) {
            // the one way to refuse
        }
    }

    private static void requireSame(ByteBuffer stored, byte[] input) {
        if (!stored.equals(ByteBuffer.wrap(input, 0, stored.capacity()))) {
            throw new AssertionError("two stored forms of one value");
        }
    }

    /** A fuzzer does not find a checksum; it is given one, in the last four bytes. */
    private static byte[] withChecksum(byte[] input, int count) {
        CRC32C crc = new CRC32C();
        crc.update(input, 0, count - Integer.BYTES);
        byte[] summed = input.clone();
        ByteBuffer.wrap(summed).putInt(count - Integer.BYTES, (int) crc.getValue());
        return summed;
    }
}
