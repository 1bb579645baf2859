package io.slicekeep.sealed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

class SealedReaderFuzzTest {
    private static final KeyRing RING = Fixtures.ring(1);
    private static final byte[] GENUINE = genuine();

    /** Whatever the bytes are, they are refused, unless they are those of the one blob that was sealed with the ring. */
    @FuzzTest(maxDuration = "1m")
    void nothingButWhatWasSealedOpens(byte[] input) throws IOException {
        open(input);
        if (input.length >= 64 + Fixtures.SLOT_AREA_BYTES) {
            open(Fixtures.withHeaderCrc(Fixtures.withSlotAreaCrc(input)));
        }
    }

    private static void open(byte[] sealed) throws IOException {
        try {
            byte[] plaintext = Fixtures.open(sealed, RING);
            if (!Arrays.equals(plaintext, Fixtures.plaintext(50)) || !Arrays.equals(sealed, GENUINE)) {
                throw new AssertionError("a forgery opened");
            }
        } catch (SlicekeepException expected) {
            // the one way to refuse
        }
    }

    /** The same every time, so that the corpus holds it. */
    private static byte[] genuine() {
        try {
            SealOptions repeated = new SealOptions(KeyContext.EMPTY, Fixtures.SLOT_AREA_BYTES, Fixtures.seeded(1));
            return Fixtures.seal(Fixtures.plaintext(50), RING, repeated);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
