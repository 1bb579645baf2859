package io.slicekeep.kms.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.KeyVersion.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeystoreTextTest {
    private static final String KEY_1 = "00".repeat(31) + "01";
    private static final String KEY_2 = "ab".repeat(32);

    /** Checksums made by a second implementation, in Python. */
    private static final String TEXT = """
            slicekeep keystore 1
            # Whoever can read this file can open what its keys wrap. Programs change it, not people.
            a 1 destroyed - c30c221a
            a 2 enabled %s 6f4001f0
            b 1 disabled %s 99516fd0
            end 3 1b9ac4b8
            """.formatted(KEY_1, KEY_2);

    @Test
    void theTextIsThatOfTheFormat() {
        try (Keystore keystore = new Keystore(List.of(
                entry("a", 1, State.DESTROYED, ""),
                entry("a", 2, State.ENABLED, KEY_1),
                entry("b", 1, State.DISABLED, KEY_2)))) {
            assertThat(text(KeystoreText.print(keystore))).isEqualTo(TEXT);
        }
    }

    @Test
    void whatIsReadIsWrittenAlike() throws FormatException {
        try (Keystore keystore = parse(TEXT)) {
            assertThat(keystore.entries()).hasSize(3);
            assertThat(keystore.newest("a").orElseThrow().about()).isEqualTo(new KeyVersion("a", 2, State.ENABLED));
            assertThat(text(KeystoreText.print(keystore))).isEqualTo(TEXT);
        }
    }

    @Test
    void commentsMayStandAnywhereBelowTheFirstLine() throws FormatException {
        try (Keystore keystore = parse(TEXT.replace("b 1", "#\n# mine\nb 1"))) {
            assertThat(keystore.entries()).hasSize(3);
        }
    }

    @Test
    void everyFlippedBitButInACommentIsRefused() {
        byte[] bytes = TEXT.getBytes(StandardCharsets.US_ASCII);
        int comment = TEXT.indexOf('#');
        int commentEnd = TEXT.indexOf('\n', comment);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            if (bit / 8 < comment || bit / 8 >= commentEnd) {
                byte[] flipped = bytes.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                refusal(flipped);
            }
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = TEXT.getBytes(StandardCharsets.US_ASCII);
        for (int count = 0; count < bytes.length; count++) {
            refusal(Arrays.copyOf(bytes, count));
        }
    }

    @Test
    void everyMissingDoubledOrMovedLineIsRefused() {
        List<String> lines = TEXT.lines().filter(line -> !line.startsWith("#")).toList();
        for (int i = 0; i < lines.size(); i++) {
            List<String> without = new ArrayList<>(lines);
            String line = without.remove(i);
            refusal(joined(without));
            for (int j = 0; j <= lines.size(); j++) {
                List<String> doubled = new ArrayList<>(lines);
                doubled.add(j, line);
                refusal(joined(doubled));
                if (j < i) {
                    List<String> moved = new ArrayList<>(without);
                    moved.add(j, line);
                    refusal(joined(moved));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "slicekeep keystor, NOT_OURS",
        "'', NOT_OURS",
        "'slicekeep keystore 2\n', TOO_NEW",
        "'slicekeep keystore 10\n', TOO_NEW",
        "'slicekeep keystore 1', CORRUPT",
        "'slicekeep keystore 1\n', CORRUPT"
    })
    void notOursTooNewAndCorruptAreToldApart(String text, Kind kind) {
        assertThat(refusal(text).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1 enabled KEY extra",
                "a 1 enabled",
                "a  1 enabled KEY",
                " a 1 enabled KEY",
                "a 1 enabled KEY ",
                "a 0 enabled KEY",
                "a 01 enabled KEY",
                "a 2 enabled KEY",
                "a -1 enabled KEY",
                "a 4294967297 enabled KEY",
                "a/b 1 enabled KEY",
                "a 1 Enabled KEY",
                "a 1 unknown KEY",
                "a 1 destroyed KEY",
                "a 1 enabled -",
                "a 1 enabled 00KEY",
                "a 1 enabled KEYx",
                "a 1 enabled \tEY",
                ""
            })
    void malformedLinesWithARightChecksumAreCorrupt(String line) {
        String text = "slicekeep keystore 1\n" + checked(line.replace("KEY", KEY_2)) + checked("end 1");

        FormatException refused = refusal(text);

        assertThat(refused.kind()).isEqualTo(Kind.CORRUPT);
        assertThat(refused).hasMessageStartingWith("my.keys:2: ");
    }

    @Test
    void aKeyMustHaveLowerCaseHexDigits() {
        for (String key : List.of(KEY_2.replace("ab", "AB"), KEY_2.replace('a', 'g'), KEY_2.substring(1) + "\u00e9")) {
            refusal("slicekeep keystore 1\n" + checked("a 1 enabled " + key) + checked("end 1"));
        }
    }

    @Test
    void aWrongCountOrATailIsCorrupt() {
        refusal("slicekeep keystore 1\n" + checked("end 1"));
        refusal("slicekeep keystore 1\n" + checked("end 00"));
        refusal("slicekeep keystore 1\n" + checked("end 0") + "\n");
        refusal("slicekeep keystore 1\n" + checked("end 0") + "# late\n");
    }

    @Test
    void messagesShowNoWordOfADamagedFile() {
        // A damaged line may have a key where another word should be.
        String text =
                "slicekeep keystore 1\n" + checked(KEY_1 + " " + KEY_1 + " " + KEY_1 + " " + KEY_1) + checked("end 1");

        assertThat(refusal(text).getMessage()).doesNotContain(KEY_1).doesNotContain(KEY_1.substring(40));
        assertThat(refusal(text)).hasNoCause();
    }

    @Test
    void closingWipesTheKeys() throws FormatException {
        Keystore keystore = parse(TEXT);
        SecretBytes key = keystore.newest("a").orElseThrow().key();

        keystore.close();

        assertThat(catchThrowableOfType(IllegalStateException.class, key::unsafeBytes))
                .isNotNull();
    }

    private static FormatException refusal(String text) {
        return refusal(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static FormatException refusal(byte[] text) {
        FormatException refused =
                catchThrowableOfType(FormatException.class, () -> KeystoreText.parse(text, "my.keys"));
        assertThat(refused).as(text(text)).isNotNull();
        return refused;
    }

    private static Keystore parse(String text) throws FormatException {
        return KeystoreText.parse(text.getBytes(StandardCharsets.US_ASCII), "my.keys");
    }

    private static String joined(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private static String checked(String line) {
        return line + " " + KeystoreText.crc(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1))) + "\n";
    }

    private static KeystoreEntry entry(String name, int version, State state, String key) {
        return new KeystoreEntry(
                new KeyVersion(name, version, state),
                SecretBytes.owning(HexFormat.of().parseHex(key)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
