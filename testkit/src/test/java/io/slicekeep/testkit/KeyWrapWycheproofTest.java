package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.IntegrityException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyWrapWycheproofTest {
    /** The vectors for keys of 256 bits: no others are taken. */
    static Stream<Wycheproof.Case> vectors() {
        return Wycheproof.cases("aes_kwp").filter(vector -> vector.number("keySize") == 256);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void wrapsAndUnwrapsAsTheVectorSays(Wycheproof.Case vector) throws IntegrityException {
        byte[] key = vector.bytes("key");
        byte[] wrapped = vector.bytes("ct");
        if (vector.valid()) {
            assertThat(KeyWrap.wrap(key, vector.bytes("msg"))).isEqualTo(wrapped);
            assertThat(KeyWrap.unwrap(key, wrapped)).isEqualTo(vector.bytes("msg"));
        } else {
            assertThatThrownBy(() -> KeyWrap.unwrap(key, wrapped))
                    .isExactlyInstanceOf(IntegrityException.class)
                    .hasMessage("the wrapped key does not open with this key")
                    .hasNoCause();
        }
    }
}
