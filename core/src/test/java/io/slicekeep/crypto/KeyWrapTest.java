package io.slicekeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.IntegrityException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyWrapTest {
    private final byte[] key = random(1, 32);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 4095, 4096})
    void aSecretOfAnyLengthRoundTrips(int secretBytes) throws IntegrityException {
        byte[] secret = random(2, secretBytes);

        byte[] wrapped = KeyWrap.wrap(key, secret);

        assertThat(wrapped).hasSize(KeyWrap.wrappedBytes(secretBytes));
        assertThat(KeyWrap.unwrap(key, wrapped)).isEqualTo(secret);
    }

    @Test
    void everyFlippedBitIsRefusedAlike() {
        byte[] wrapped = KeyWrap.wrap(key, random(3, 32));
        for (int bit = 0; bit < wrapped.length * 8; bit++) {
            byte[] flipped = wrapped.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(key, flipped);
        }
    }

    @Test
    void everyOtherLengthIsRefusedAlike() {
        byte[] wrapped = KeyWrap.wrap(key, random(4, 32));
        for (int bytes = 0; bytes <= 2 * wrapped.length; bytes++) {
            if (bytes != wrapped.length) {
                assertRefused(key, Arrays.copyOf(wrapped, bytes));
            }
        }
        assertRefused(key, new byte[KeyWrap.wrappedBytes(KeyWrap.MAX_SECRET_BYTES) + 8]);
    }

    @Test
    void anotherKeyIsRefusedAlike() {
        assertRefused(random(5, 32), KeyWrap.wrap(key, random(6, 32)));
    }

    @Test
    void keysAndSecretsOfImpossibleLengthAreProgrammerMistakes() {
        assertThatThrownBy(() -> KeyWrap.wrap(new byte[16], new byte[32])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyWrap.unwrap(new byte[31], new byte[40]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyWrap.wrap(key, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyWrap.wrap(key, new byte[4097])).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(byte[] key, byte[] wrapped) {
        assertThatThrownBy(() -> KeyWrap.unwrap(key, wrapped))
                .isExactlyInstanceOf(IntegrityException.class)
                .hasMessage("the wrapped key does not open with this key")
                .hasNoCause();
    }

    private static byte[] random(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
