package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.crypto.Hkdf;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HkdfWycheproofTest {
    static Stream<Wycheproof.Case> sha256() {
        return Wycheproof.cases("hkdf_sha256");
    }

    static Stream<Wycheproof.Case> sha512() {
        return Wycheproof.cases("hkdf_sha512");
    }

    @ParameterizedTest
    @MethodSource("sha256")
    void sha256DerivesWhatTheVectorSays(Wycheproof.Case vector) {
        check(Hkdf.SHA256, vector);
    }

    @ParameterizedTest
    @MethodSource("sha512")
    void sha512DerivesWhatTheVectorSays(Wycheproof.Case vector) {
        check(Hkdf.SHA512, vector);
    }

    private static void check(Hkdf hkdf, Wycheproof.Case vector) {
        if (vector.valid()) {
            assertThat(derive(hkdf, vector)).isEqualTo(vector.bytes("okm"));
        } else {
            assertThatThrownBy(() -> derive(hkdf, vector)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] derive(Hkdf hkdf, Wycheproof.Case vector) {
        return hkdf.derive(vector.bytes("salt"), vector.bytes("ikm"), vector.bytes("info"), vector.number("size"));
    }
}
