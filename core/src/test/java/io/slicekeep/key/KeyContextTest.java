package io.slicekeep.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyContextTest {
    @Test
    void theCanonicalFormIsThatOfTheFormat() {
        assertThat(hex(KeyContext.EMPTY.canonicalBytes())).isEqualTo("0000");
        assertThat(hex(KeyContext.of(Map.of("b", "", "a", "xy")).canonicalBytes()))
                .isEqualTo("0002" + "0001" + "61" + "0002" + "7879" + "0001" + "62" + "0000");
    }

    @Test
    void namesStandInTheOrderOfTheirBytesNotOfTheirChars() {
        // U+FF61 is EF BD A1 in UTF-8, and comes after U+1F600 (D83D DE00, F0 9F 98 80) by chars only.
        KeyContext context = KeyContext.of(Map.of("\uD83D\uDE00", "1", "\uFF61", "2"));

        assertThat(context.entries().keySet()).containsExactly("\uFF61", "\uD83D\uDE00");
        assertThat(hex(context.canonicalBytes())).startsWith("0002" + "0003" + "efbda1");
    }

    @Test
    void theContextsOfTheHierarchyNameTheirIds() {
        byte[] keep = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
        byte[] namespace = HexFormat.of().parseHex("ffeeddccbbaa99887766554433221100");

        assertThat(KeyContext.KEEP.entries()).containsExactly(Map.entry("slicekeep.secret", "keep"));
        assertThat(KeyContext.ofNamespace(keep, namespace).entries())
                .containsExactly(
                        Map.entry("slicekeep.keep", "00112233445566778899aabbccddeeff"),
                        Map.entry("slicekeep.namespace", "ffeeddccbbaa99887766554433221100"));
        assertThat(KeyContext.of(Map.of("tenant", "blue")).withBlob(keep).entries())
                .containsExactly(
                        Map.entry("slicekeep.blob", "00112233445566778899aabbccddeeff"), Map.entry("tenant", "blue"));
    }

    @Test
    void namesOfOursAreRefusedFromUsers() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyContext.of(Map.of("slicekeep.blob", "0")));
    }

    @Test
    void loneSurrogatesAreRefusedSinceTheyWouldMakeTwoContextsOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyContext.of(Map.of("\uD800", "x")));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyContext.of(Map.of("x", "\uDC00")));
    }

    @Test
    void theCanonicalFormTakesAtMost8192Bytes() {
        int overhead = 2 + 2 + 1 + 2;

        assertThat(KeyContext.of(Map.of("a", "x".repeat(KeyContext.MAX_BYTES - overhead)))
                        .canonicalBytes())
                .hasSize(KeyContext.MAX_BYTES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyContext.of(Map.of("a", "x".repeat(KeyContext.MAX_BYTES - overhead + 1))));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyContext.of(Map.of("a", "x".repeat(70_000))));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
