package io.slicekeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HkdfTest {
    private static final byte[] NONE = {};

    @Test
    void extractAndExpandGiveTheFirstExampleOfTheRfc() {
        byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c");
        byte[] inputKey = HexFormat.of().parseHex("0b".repeat(22));
        byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");

        byte[] pseudorandomKey = Hkdf.SHA256.extract(salt, inputKey);

        assertThat(HexFormat.of().formatHex(pseudorandomKey))
                .isEqualTo("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        assertThat(HexFormat.of().formatHex(Hkdf.SHA256.expand(pseudorandomKey, info, 42)))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 63, 64, 65, 76, 127, 128, 129})
    void shorterOutputsArePrefixesOfLongerOnes(int outputBytes) {
        byte[] longest = Hkdf.SHA512.expand(new byte[32], NONE, 255 * 64);

        assertThat(longest).startsWith(Hkdf.SHA512.expand(new byte[32], NONE, outputBytes));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyOrTooLongOutputIsRefused(Hkdf hkdf) {
        int tooMany = hkdf == Hkdf.SHA256 ? 255 * 32 + 1 : 255 * 64 + 1;

        assertThatThrownBy(() -> hkdf.expand(new byte[32], NONE, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> hkdf.expand(new byte[32], NONE, tooMany))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outputBytes=" + tooMany);
    }
}
