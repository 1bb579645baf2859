package io.slicekeep.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyUriTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "photos", ":photos", "local:a b", "local:\n", "local:\u007f", "local:ä", "\u001b[2J:x"})
    void aMalformedUriIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new KeyUri(value));
    }

    @Test
    void controlCharactersAreNotEchoed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyUri("local:\u001b[2J"))
                .withMessageContaining("(not shown)");
    }

    @Test
    void lengthsUpToTheBoundAreTaken() {
        String longest = "a:" + "b".repeat(KeyUri.MAX_BYTES - 2);

        assertThat(new KeyUri(longest).scheme()).isEqualTo("a");
        assertThatIllegalArgumentException().isThrownBy(() -> new KeyUri(longest + "b"));
    }
}
