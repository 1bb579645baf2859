package io.slicekeep.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathBytesTest {
    @TempDir
    Path dir;

    /** Latin-1 stands for the bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a b%41",
                "\u00ff\u00fe",
                "caf\u00c3\u00a9",
                "caf\u00e9",
                "new\nline",
                "\u0001",
                "#?;:[]",
                "\u0080.txt"
            })
    void everyNameComesBackFromTheFileSystem(String latin) throws IOException {
        byte[] name = latin.getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.createFile(PathBytes.resolve(dir, name));
        try (var found = Files.list(dir)) {
            assertThat(found.map(PathBytes::lastName)).containsExactly(name);
        }
        assertThat(PathBytes.lastName(file)).isEqualTo(name);
    }

    @Test
    void nameOf255BytesComesBack() throws IOException {
        byte[] name = "\u00e9".repeat(255).getBytes(StandardCharsets.ISO_8859_1);
        Files.createDirectory(PathBytes.resolve(dir, name));
        try (var found = Files.list(dir)) {
            assertThat(found.map(PathBytes::lastName)).containsExactly(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../\u00ff/x", "x\u00ff", "/\u00ff\u00fe/y", "a/../b", "."})
    void linkTargetsKeepTheirBytes(String latin) {
        byte[] target = latin.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(PathBytes.raw(PathBytes.path(target))).isEqualTo(target);
    }

    @Test
    void directoryHasNoSlashAtItsEnd() throws IOException {
        byte[] name = {(byte) 0xff};
        Path made = Files.createDirectory(PathBytes.resolve(dir, name));
        assertThat(PathBytes.raw(made)).endsWith(name);
    }
}
