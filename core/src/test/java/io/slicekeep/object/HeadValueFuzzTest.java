package io.slicekeep.object;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;
import io.slicekeep.record.Bytes;
import java.nio.ByteBuffer;

/** No bytes that a register may hold make its reader do anything but answer or refuse. */
class HeadValueFuzzTest {
    @FuzzTest
    void aParsedHeadIsWrittenAsItself(byte[] bytes) {
        try {
            HeadValue head = HeadValue.parse(Bytes.of(bytes));
            ByteBuffer written = ByteBuffer.allocate(HeadValue.NOTE_BYTES);
            written.put(head.hints().write().buffer());
            head.writer().write(written, written.position());
            if (!written.rewind().equals(ByteBuffer.wrap(bytes, 0, HeadValue.NOTE_BYTES))) {
                throw new AssertionError("a head that was accepted is written differently");
            }
        } catch (FormatException e) {
            // refused, as it may be
        }
    }
}
