package io.slicekeep.cli.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "0-99, 1000, 0, 100",
        "0-, 1000, 0, 1000",
        "999-, 1000, 999, 1",
        "-100, 1000, 900, 100",
        "-2000, 1000, 0, 1000",
        "900-5000, 1000, 900, 100",
        "0-0, 1000, 0, 1",
        "0-, 0, 0, 0",
        "-5, 0, 0, 0"
    })
    void partThatExistsIsMeant(String text, long length, long offset, long bytes) throws CommandException {
        assertThat(ByteRange.parse(text, length)).isEqualTo(new ByteRange(offset, bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "5", "9-3", "a-b", "1--2", "0-1,3-4", "1000-", "2000-3000", "99999999999999999999-"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ByteRange.parse(text, 1000)).isInstanceOf(CommandException.class);
    }
}
