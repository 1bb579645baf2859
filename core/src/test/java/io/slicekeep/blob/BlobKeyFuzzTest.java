package io.slicekeep.blob;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

class BlobKeyFuzzTest {
    /** The rule of FORMAT.md once more, in another form. */
    private static final Pattern KEY = Pattern.compile(
            "(?=.{1,1000}\\z)(?!\\.{1,2}(/|\\z))[0-9A-Za-z._=+!~-]{1,250}(/(?!\\.{1,2}(/|\\z))[0-9A-Za-z._=+!~-]{1,250})*+",
            Pattern.DOTALL);

    @FuzzTest
    void aKeyIsLegalIfAndOnlyIfTheRuleSaysSo(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(accepts(text)).as(text).isEqualTo(KEY.matcher(text).matches());
    }

    private static boolean accepts(String text) {
        try {
            BlobKey key = BlobKey.of(text);
            assertThat(new KeyPrefix(text).matches(key)).isTrue();
            return key.value().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
