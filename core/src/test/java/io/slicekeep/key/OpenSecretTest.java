package io.slicekeep.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenSecretTest {
    private static final KeyContext NAMESPACE = KeyContext.ofNamespace(
            HexFormat.of().parseHex("00112233445566778899aabbccddeeff"),
            HexFormat.of().parseHex("ffeeddccbbaa99887766554433221100"));

    /** Made by a second implementation, in Python: secret 00 01 ... 1f, the context above. */
    @ParameterizedTest
    @CsvSource({
        "COMMIT, 64619bfcafb43bed8bd639cc7d5ff4663c3582a3889e8253c86fd6164e755839",
        "IDENTITY, 869e3f9a0826a58fa5bb8538c0832d8c1ce8f4b129aae74dc9bc154e596c29b5",
        "CONFIG, afbabbca3e9f2282ec67e77562651f419465a592eb23b9bcaf7a0d7d6ee02f01",
        "WRAP, dbed4c0dd9330eac3a221733fa8647b50701318a772c2e157b36d2c1c220e742",
        "NAMES, 8a16362273073123f970db670c7c38ef3bcde35751b0729429af6a2d6c151130"
                + "d7eefdaed18d52f7dcabc50cf0b90fd2a3ebaf6b558787dc8dc22a550883de9c",
        "LONG_NAMES, 14355090540701fe326cc1e21f031881761d44d33a388767878e6b6b65164569",
        "HINTS, 79a51a9cdc7a2663e5e4e01f0171937423326ccd64e2d70f218661a2ac25fff7"
                + "1be8edeceb33b82f0360c77fd5cec4b9221f06d2d9f7cef79f9c2264c9d3b10a",
        "RECORDS, a10153f5ef314f2ac4fa4991a2ede64a1529c1f8bd99c4c875eea727a41446d8",
        "DATA, cffda3d13ad62db8768ae73a29e25c184054a3d3dd8e086eafd87ebce4306b10",
        "META, c6d0ea9ec8dd11c00540e5663a2eacc076c64ada056a1400e2c886f03f5a490e"
                + "d2059f16891eb31de1a985a396032060e71683d988feda80b1e3ded6ca06dc43"
    })
    void keysAreDerivedAsTheFormatSays(KeyPurpose purpose, String expected) {
        try (OpenSecret secret = counting(NAMESPACE);
                SecretBytes key = secret.derive(purpose)) {
            assertThat(HexFormat.of().formatHex(key.unsafeBytes())).isEqualTo(expected);
        }
    }

    @Test
    void everyPurposeAndEveryContextHasItsOwnKey() {
        Set<String> keys = new HashSet<>();
        for (KeyContext context : List.of(KeyContext.EMPTY, KeyContext.KEEP, NAMESPACE)) {
            for (KeyPurpose purpose : KeyPurpose.values()) {
                try (OpenSecret secret = counting(context);
                        SecretBytes key = secret.derive(purpose)) {
                    byte[] first = Arrays.copyOf(key.unsafeBytes(), 32);
                    assertThat(keys.add(HexFormat.of().formatHex(first))).isTrue();
                }
            }
        }
    }

    @Test
    void theCheckAcceptsOnlyTheCommittedSecretAndContext() {
        try (OpenSecret secret = counting(NAMESPACE);
                OpenSecret moved = counting(KeyContext.KEEP)) {
            byte[] commitment = secret.commitment();

            assertThat(OpenSecret.committedTo(commitment)).accepts(secret).rejects(moved);
            assertThat(OpenSecret.committedTo(Arrays.copyOf(commitment, 16)))
                    .accepts(secret)
                    .rejects(moved);
            for (int bit = 0; bit < commitment.length * 8; bit++) {
                byte[] flipped = commitment.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThat(OpenSecret.committedTo(flipped)).rejects(secret);
            }
        }
    }

    @Test
    void aCommitmentTooShortToBindIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> OpenSecret.committedTo(new byte[15]));
        assertThatIllegalArgumentException().isThrownBy(() -> OpenSecret.committedTo(new byte[33]));
    }

    @Test
    void derivedKeysOutliveTheSecret() {
        OpenSecret secret = counting(NAMESPACE);
        SecretBytes key = secret.derive(KeyPurpose.DATA);

        secret.close();

        assertThat(key.unsafeBytes()).hasSize(32);
        assertThatIllegalStateException().isThrownBy(() -> secret.derive(KeyPurpose.DATA));
        assertThat(secret.toString()).doesNotContain("000102");
        key.close();
    }

    private static OpenSecret counting(KeyContext context) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return new OpenSecret(SecretBytes.owning(bytes), context, List.of());
    }
}
