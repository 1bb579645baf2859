package io.slicekeep.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.FormatException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredAttributesTest {
    private static final Instant TIME = Instant.parse("2026-11-21T12:00:00.123456789Z");

    @ParameterizedTest
    @CsvSource({"FILE, 420", "FILE, 0", "FILE, 4095", "FILE, -1", "DIRECTORY, 448", "SYMLINK, -1"})
    void everyKindAndModeComesBack(FileKind kind, int mode) throws FormatException {
        StoredAttributes attributes = new StoredAttributes(kind, mode, TIME);
        assertThat(StoredAttributes.parse(attributes.metadata(), TIME.truncatedTo(ChronoUnit.MICROS)))
                .isEqualTo(attributes);
    }

    @Test
    void timesBefore1970AndWholeMicrosecondsComeBack() throws FormatException {
        for (String time :
                new String[] {"1969-12-31T23:59:59.999999999Z", "1901-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z"
                }) {
            StoredAttributes attributes = new StoredAttributes(FileKind.FILE, 420, Instant.parse(time));
            assertThat(StoredAttributes.parse(
                            attributes.metadata(), attributes.modified().truncatedTo(ChronoUnit.MICROS)))
                    .isEqualTo(attributes);
        }
    }

    @Test
    void objectWithoutMetadataIsAFile() throws FormatException {
        assertThat(StoredAttributes.parse(Map.of("colour", "red"), TIME))
                .isEqualTo(new StoredAttributes(FileKind.FILE, -1, TIME));
    }

    @ParameterizedTest
    @CsvSource({"file.type, fifo", "file.mode, 999", "file.mode, 0778", "file.mode, 00644", "file.modified, yesterday"})
    void unknownValuesAreRefused(String name, String value) {
        assertThatThrownBy(() -> StoredAttributes.parse(Map.of(name, value), TIME))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(name);
    }
}
