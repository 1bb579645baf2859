package io.slicekeep.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.cli.ui.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetFolderTest {
    @TempDir
    Path dir;

    private Path root = Path.of("");

    @BeforeEach
    void makeTarget() throws IOException {
        root = Files.createDirectory(dir.resolve("target"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../x",
                "a/../../x",
                "a/..",
                ".",
                "./x",
                "/etc/passwd",
                "//",
                "/",
                "a//b",
                "a//",
                "../",
                "a/./b"
            })
    void namesThatCouldLeaveTheTargetAreRefused(String name) {
        TargetFolder folder = new TargetFolder(root);
        assertThatThrownBy(() -> folder.place(bytes(name))).isInstanceOf(CommandException.class);
        assertThat(root).isEmptyDirectory();
        assertThat(dir).isDirectoryNotContaining("glob:**x*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", "..a", "a..", "-", "~", "C:\\x", "a/b/c", " ", "\u00ff/\u00fe"})
    void harmlessNamesStayBelowTheTarget(String name) throws IOException {
        Path place = new TargetFolder(root).place(bytes(name));
        assertThat(place.normalize()).startsWithRaw(root).isNotEqualTo(root);
        assertThat(place.getParent()).isDirectory();
    }

    @Test
    void folderItselfIsTheTarget() throws IOException {
        assertThat(new TargetFolder(root).makePlace(new byte[0])).isEqualTo(root);
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.createSymbolicLink(root.resolve("link"), outside);
        TargetFolder folder = new TargetFolder(root);
        assertThatThrownBy(() -> folder.place(bytes("link/file"))).hasMessageContaining("link");
        assertThatThrownBy(() -> folder.place(bytes("link/deep/file"))).hasMessageContaining("link");
        assertThatThrownBy(() -> folder.makePlace(bytes("link/"))).hasMessageContaining("link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void fileInTheWayOfADirectoryIsNamed() throws IOException {
        Files.createFile(root.resolve("a"));
        assertThatThrownBy(() -> new TargetFolder(root).place(bytes("a/b")))
                .hasMessageContaining(root.resolve("a").toString());
    }

    @Test
    void targetMayBeALinkThatTheUserNames() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("named"), root);
        Path place = new TargetFolder(link).place(bytes("a/b"));
        assertThat(place.getParent()).isDirectory();
        assertThat(root.resolve("a")).isDirectory();
    }
}
