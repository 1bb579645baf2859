package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.crypto.AesSiv;
import io.slicekeep.error.IntegrityException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AesSivWycheproofTest {
    static Stream<Wycheproof.Case> vectors() {
        return Wycheproof.cases("aes_siv_cmac");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sealsAndOpensAsTheVectorSays(Wycheproof.Case vector) throws IntegrityException {
        byte[] sealed = vector.bytes("ct");
        byte[] associated = vector.bytes("aad");
        try (AesSiv siv = AesSiv.of(vector.bytes("key"))) {
            if (vector.valid()) {
                assertThat(siv.seal(vector.bytes("msg"), associated)).isEqualTo(sealed);
                assertThat(siv.open(sealed, associated)).isEqualTo(vector.bytes("msg"));
            } else {
                assertThatThrownBy(() -> siv.open(sealed, associated)).isInstanceOf(IntegrityException.class);
            }
        }
    }
}
