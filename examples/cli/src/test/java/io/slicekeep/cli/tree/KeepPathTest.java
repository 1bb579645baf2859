package io.slicekeep.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.cli.ui.CommandException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepPathTest {
    @ParameterizedTest
    @CsvSource({
        "/photos/cat.jpg, photos/cat.jpg, cat.jpg",
        "photos/cat.jpg, photos/cat.jpg, cat.jpg",
        "/photos/, photos/, photos",
        "/a, a, a",
        "/a/b/, a/b/, b"
    })
    void leadingSlashIsNoPartOfTheName(String text, String name, String last) throws CommandException {
        KeepPath path = KeepPath.parse(text);
        assertThat(path.object().toString()).isEqualTo(name);
        assertThat(new String(path.lastName(), StandardCharsets.UTF_8)).isEqualTo(last);
        assertThat(KeepPath.parse(path.toString()).object()).isEqualTo(path.object());
    }

    @Test
    void slashIsEverything() throws CommandException {
        for (String root : new String[] {"/", "", "//"}) {
            KeepPath path = KeepPath.parse(root);
            assertThat(path.isRoot()).isTrue();
            assertThat(path.isFolder()).isTrue();
            assertThat(path.prefix()).isEmpty();
            assertThatThrownBy(path::object).isInstanceOf(CommandException.class);
        }
    }

    @Test
    void childrenOfAFolderFollowASlash() throws CommandException {
        byte[] child = {'x'};
        assertThat(KeepPath.parse("/").child(child)).hasToString("/x");
        assertThat(KeepPath.parse("/a").child(child)).hasToString("/a/x");
        assertThat(KeepPath.parse("/a/").child(child)).hasToString("/a/x");
        assertThat(KeepPath.parse("/a").folder()).hasToString("/a/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a//b", "/a/../b", "..", "./a", "/a/.", "a//", "x\u0000y", "caf\uFFFD"})
    void namesThatCouldNotComeBackAreRefused(String text) {
        assertThatThrownBy(() -> KeepPath.parse(text)).isInstanceOf(CommandException.class);
    }

    @Test
    void longestNameIsTaken() throws CommandException {
        assertThat(KeepPath.parse("/" + "x".repeat(4096)).object().bytes()).hasSize(4096);
        assertThatThrownBy(() -> KeepPath.parse("/" + "x".repeat(4097))).hasMessageContaining("4096");
    }
}
