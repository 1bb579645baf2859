package io.slicekeep.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "1536, 1.50 KiB",
        "10485760, 10.0 MiB",
        "9223372036854775807, 8.00 EiB"
    })
    void bytesHaveAUnit(long bytes, String text) {
        assertThat(Sizes.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0 s", "59.9, 59.9 s", "61, 1:01", "3661, 1:01:01"})
    void timesGrowUnits(double seconds, String text) {
        assertThat(Sizes.time((long) (seconds * 1e9))).isEqualTo(text);
    }

    @Test
    void controlCharactersNeverReachTheTerminal() {
        assertThat(Printable.text("a\nb\u001b[31m\u0085\u202ec")).isEqualTo("a\\nb\\x1b[31m\\x85\\u202ec");
        assertThat(Printable.text("caf\u00e9 \u65e5")).isEqualTo("caf\u00e9 \u65e5");
    }
}
