package io.slicekeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.IntegrityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AesSivTest {
    private static final byte[] KEY = new byte[64];
    private static final byte[] NOTHING = {};

    @Test
    void severalAssociatedStringsMatchAppendixA2OfRfc5297() throws IntegrityException {
        byte[] first = hex("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100");
        byte[] second = hex("102030405060708090a0");
        byte[] nonce = hex("09f911029d74e35bd84156c5635688c0");
        byte[] plaintext =
                hex("7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553");
        byte[] sealed = hex("7bdb6e3b432667eb06f4d14bff2fbd0f"
                + "cb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d");
        try (AesSiv siv = AesSiv.of(hex("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f"))) {
            assertThat(siv.seal(plaintext, first, second, nonce)).isEqualTo(sealed);
            assertThat(siv.open(sealed, first, second, nonce)).isEqualTo(plaintext);
        }
    }

    @Test
    void roundTripsEveryLengthAroundTheBlock() throws IntegrityException {
        try (AesSiv siv = AesSiv.of(KEY)) {
            for (int bytes = 0; bytes <= 70; bytes++) {
                byte[] plaintext = new byte[bytes];
                byte[] sealed = siv.seal(plaintext);
                assertThat(sealed).hasSize(bytes + AesSiv.OVERHEAD_BYTES);
                assertThat(siv.open(sealed)).isEqualTo(plaintext);
            }
        }
    }

    @Test
    void everyFlippedBitIsRefusedWithTheSameMessage() {
        try (AesSiv siv = AesSiv.of(KEY)) {
            byte[] sealed = siv.seal(new byte[37], new byte[] {1});
            for (int bit = 0; bit < sealed.length * 8; bit++) {
                byte[] damaged = sealed.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                assertRefused(siv, damaged, new byte[] {1});
            }
        }
    }

    @Test
    void everyTruncationIsRefused() {
        try (AesSiv siv = AesSiv.of(KEY)) {
            byte[] sealed = siv.seal(new byte[37]);
            for (int bytes = 0; bytes < sealed.length; bytes++) {
                assertRefused(siv, Arrays.copyOf(sealed, bytes));
            }
        }
    }

    @Test
    void numberOrderAndBordersOfAssociatedStringsCount() {
        try (AesSiv siv = AesSiv.of(KEY)) {
            byte[] sealed = siv.seal(new byte[3], new byte[] {1, 2}, new byte[] {3});
            assertRefused(siv, sealed);
            assertRefused(siv, sealed, new byte[] {1, 2, 3});
            assertRefused(siv, sealed, new byte[] {1}, new byte[] {2, 3});
            assertRefused(siv, sealed, new byte[] {3}, new byte[] {1, 2});
            assertRefused(siv, sealed, new byte[] {1, 2}, new byte[] {3}, NOTHING);
        }
    }

    @Test
    void moreAssociatedStringsThanTheRfcAllowsAreRefused() {
        byte[][] tooMany = new byte[AesSiv.MAX_ASSOCIATED + 1][0];
        try (AesSiv siv = AesSiv.of(KEY)) {
            assertThatThrownBy(() -> siv.seal(NOTHING, tooMany)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void keysOfOtherLengthsAreRefused() {
        for (int bytes : new int[] {0, 31, 33, 40, 63, 65, 128}) {
            assertThatThrownBy(() -> AesSiv.of(new byte[bytes])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void useAfterCloseIsRefused() {
        AesSiv siv = AesSiv.of(KEY);
        siv.close();
        siv.close();
        assertThatThrownBy(() -> siv.seal(NOTHING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
    }

    private static void assertRefused(AesSiv siv, byte[] sealed, byte[]... associated) {
        assertThatThrownBy(() -> siv.open(sealed, associated))
                .isInstanceOf(IntegrityException.class)
                .hasMessage("sealed with another key or for another place, or damaged");
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
