package io.slicekeep.key;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

class SlotAreaFuzzTest {
    /** What can be parsed is encoded to the same bytes; what cannot throws nothing but the format's exception. */
    @FuzzTest(maxDuration = "1m")
    void aParsedAreaEncodesToItself(byte[] input) {
        parse(input);
        if (input.length >= Integer.BYTES) {
            parse(withChecksum(input));
        }
    }

    private static void parse(byte[] area) {
        try {
            List<KeySlot> slots = SlotArea.parse(ByteBuffer.wrap(area));
            if (!Arrays.equals(SlotArea.encode(slots, area.length), area)) {
                throw new AssertionError("two areas for the same slots");
            }
        } catch (FormatException expected) {
            // the one way to refuse
        }
    }

    private static byte[] withChecksum(byte[] input) {
        ByteBuffer area = ByteBuffer.wrap(input.clone());
        CRC32C crc = new CRC32C();
        crc.update(area.slice(0, input.length - Integer.BYTES));
        return area.putInt(input.length - Integer.BYTES, (int) crc.getValue()).array();
    }
}
