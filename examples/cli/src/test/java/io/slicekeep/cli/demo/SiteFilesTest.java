package io.slicekeep.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteFilesTest {
    private static final byte[] WANTED = "canary".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 1_048_570, 1_048_573, 1_048_576, 2_097_150, 3_000_000})
    void wordIsFoundWhereverItStands(int offset) throws IOException {
        byte[] bytes = new byte[offset + WANTED.length];
        java.util.Arrays.fill(bytes, (byte) 'c');
        System.arraycopy(WANTED, 0, bytes, offset, WANTED.length);
        assertThat(SiteFiles.holds(Files.write(dir.resolve("file"), bytes), WANTED))
                .isTrue();
        bytes[bytes.length - 1] = 'x';
        assertThat(SiteFiles.holds(Files.write(dir.resolve("file"), bytes), WANTED))
                .isFalse();
    }

    @Test
    void wordIsFoundInTheName() throws IOException {
        assertThat(SiteFiles.holds(Files.createFile(dir.resolve("a-canary-b")), WANTED))
                .isTrue();
        assertThat(SiteFiles.holds(Files.createFile(dir.resolve("a-cana")), WANTED))
                .isFalse();
    }
}
