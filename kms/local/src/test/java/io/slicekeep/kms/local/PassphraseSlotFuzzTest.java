package io.slicekeep.kms.local;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeySlot;
import java.util.Arrays;

class PassphraseSlotFuzzTest {
    /** The info of a slot is refused by the one exception, or is what it would be written as. */
    @FuzzTest(maxDuration = "1m")
    void aParsedInfoEncodesToItself(byte[] input) {
        if (input.length > KeySlot.MAX_INFO_BYTES) {
            return;
        }
        try {
            PassphraseSlotInfo info =
                    PassphraseSlotInfo.parse(new KeySlot(PassphraseProvider.URI, input, new byte[] {1}));
            if (!Arrays.equals(info.encode(), input)) {
                throw new AssertionError("two infos for the same cost and salt");
            }
        } catch (KeyUnavailableException expected) {
            // the one way to refuse
        }
    }
}
