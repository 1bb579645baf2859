package io.slicekeep.format.v1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

class SealedHeaderFuzzTest {
    /** What can be parsed has one stored form; what cannot throws nothing but the format's exception. */
    @FuzzTest(maxDuration = "1m")
    void aParsedHeaderIsStoredAsItself(byte[] input) {
        parse(input);
        if (input.length >= SealedHeader.BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(input, 0, 60);
            parse(ByteBuffer.wrap(input.clone())
                    .putInt(60, (int) crc.getValue())
                    .array());
        }
    }

    private static void parse(byte[] input) {
        try {
            SealedHeader header = SealedHeader.parse(ByteBuffer.wrap(input));
            if (!Arrays.equals(header.bytes(), Arrays.copyOf(input, SealedHeader.BYTES))) {
                throw new AssertionError("two stored forms of one header");
            }
        } catch (FormatException expected) {
            // the one way to refuse
        }
    }
}
