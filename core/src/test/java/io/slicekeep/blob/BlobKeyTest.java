package io.slicekeep.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlobKeyTest {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._=+!~-";

    private static void assertRefused(String text) {
        assertThatIllegalArgumentException().as(text).isThrownBy(() -> BlobKey.of(text));
    }

    @Test
    void exactlyTheAlphabetIsLegal() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String text = "a" + (char) c + "b";
            if (c == '/' || ALPHABET.indexOf(c) >= 0) {
                assertThat(BlobKey.of(text).value()).isEqualTo(text);
            } else {
                assertRefused(text);
            }
        }
    }

    @Test
    void emptySegmentsAreRefused() {
        for (String text : List.of("", "/", "/a", "a/", "a//b", "//", "a/b/")) {
            assertRefused(text);
        }
    }

    @Test
    void segmentsThatLeaveTheStoreAreRefused() {
        for (String text : List.of(".", "..", "./a", "../a", "a/.", "a/..", "a/./b", "a/../b", "../../etc/passwd")) {
            assertRefused(text);
        }
        for (String text : List.of("...", ".a", "a.", "..a", "a..", "a/.../b", ".a/b..")) {
            assertThat(BlobKey.of(text).toString()).isEqualTo(text);
        }
    }

    @Test
    void namesOfADirectoryStoresOwnFilesAreRefused() {
        for (String text : List.of("#store", "#tmp/x", "a@", "a@/b", "a\\b", "a:b", "a b", "a\0", "é", "a\n")) {
            assertRefused(text);
        }
    }

    @Test
    void lengthsAreChecked() {
        String longest = "s".repeat(BlobKey.MAX_SEGMENT_BYTES);
        assertThat(BlobKey.of(longest).value()).hasSize(250);
        assertRefused(longest + "s");
        assertRefused("a/" + longest + "s");
        assertRefused(longest + "s/a");
        String thousand = (longest + "/").repeat(3) + "x".repeat(247);
        assertThat(BlobKey.of(thousand).value()).hasSize(BlobKey.MAX_KEY_BYTES);
        assertRefused(thousand + "x");
    }

    @Test
    void orderIsBytewise() {
        Random random = new Random(1);
        List<BlobKey> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder("k");
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            keys.add(BlobKey.of(text + (random.nextBoolean() ? "/x" : "")));
        }
        assertThat(keys.stream().sorted())
                .isSortedAccordingTo((a, b) -> Arrays.compareUnsigned(
                        a.value().getBytes(StandardCharsets.US_ASCII), b.value().getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void everyBeginningOfAKeyIsAPrefixOfIt() {
        for (String text : List.of("a/b/c", ".a/..b", "a", "a/...")) {
            BlobKey key = BlobKey.of(text);
            for (int end = 0; end <= text.length(); end++) {
                String beginning = text.substring(0, end);
                assertThat(new KeyPrefix(beginning).matches(key)).as(beginning).isTrue();
            }
        }
        assertThat(new KeyPrefix("a/").matches(BlobKey.of("a"))).isFalse();
        assertThat(new KeyPrefix("b").matches(BlobKey.of("a/b"))).isFalse();
    }

    @Test
    void prefixesAreOpenOnlyAtTheirEnd() {
        for (String text : List.of("", ".", "..", "a/.", "a/..", "a/", "a/b/")) {
            assertThatCode(() -> new KeyPrefix(text)).as(text).doesNotThrowAnyException();
        }
        for (String text : List.of("/", "a//", "./", "../", "a/../", "#", "a@", "s".repeat(251), "a/".repeat(501))) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> new KeyPrefix(text));
        }
    }
}
