package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.KeepId;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepFilesTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("my.keep");
    }

    @Test
    void creatingNeverOverwrites() throws IOException {
        KeepFiles.create(file, content("passphrase:"));
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> KeepFiles.create(file, content("local:x")))
                .isInstanceOf(KeepFileException.class)
                .hasMessageContaining("exists and is not overwritten");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(entries()).containsExactly("my.keep");
    }

    @Test
    void replacingLeavesNothingBehind() throws IOException {
        KeepFiles.create(file, content("passphrase:"));
        KeepFiles.replace(file, content("local:x"));
        assertThat(KeepFiles.read(file).keys()).containsExactly(new KeyUri("local:x"));
        assertThat(entries()).containsExactly("my.keep");
    }

    @Test
    void replacingFollowsASymbolicLink() throws IOException {
        Path real = Files.createDirectory(folder.resolve("dotfiles")).resolve("real.keep");
        KeepFiles.create(real, content("passphrase:"));
        Files.createSymbolicLink(file, real);
        KeepFiles.replace(file, content("local:x"));
        assertThat(file).isSymbolicLink();
        assertThat(KeepFiles.read(real).keys()).containsExactly(new KeyUri("local:x"));
    }

    @Test
    void anUpdateKeepsWhatPeopleWrote() throws IOException {
        String text = """
                # my notes
                version = 1
                id = "0123456789abcdef0123456789abcdef"
                  keys = [ "passphrase:" ] # two
                epoch = 1 # one
                [sites]
                # the cellar
                keys = "/mnt/a"
                epoch = '/mnt/b'
                """;
        Files.writeString(file, text);
        KeepFiles.allow(file, List.of(new KeyUri("local:x")));
        String expected = text.replace("  keys = [ \"passphrase:\" ] # two", "keys = [\"passphrase:\", \"local:x\"]");
        assertThat(file).content().isEqualTo(expected.replace("epoch = 1 # one", "epoch = 1"));
    }

    @Test
    void anUpdateAddsAndDropsSitesAndKeepsWhatPeopleWrote() throws IOException {
        String text = """
                # my notes
                version = 1
                id = "0123456789abcdef0123456789abcdef"
                keys = ["passphrase:"]
                epoch = 1
                [sites]
                # the cellar
                a = "/mnt/a" # old
                b = "/mnt/b"
                # the end
                """;
        Files.writeString(file, text);
        KeepFiles.update(
                file,
                now -> new KeepFile(
                        now.id(),
                        now.keys(),
                        5,
                        List.of(
                                new KeepFile.SiteLine("a", "/mnt/a", 8),
                                new KeepFile.SiteLine("g", "/mnt/g", 0),
                                new KeepFile.SiteLine("h", "/mnt/h", 0))));
        assertThat(file)
                .content()
                .isEqualTo(text.replace("epoch = 1", "epoch = 5")
                        .replace("# old\n", "# old\ng = \"/mnt/g\"\nh = \"/mnt/h\"\n")
                        .replace("b = \"/mnt/b\"\n", ""));
    }

    @Test
    void anUpdateRewritesAListOverSeveralLines() throws IOException {
        Files.writeString(file, """
                version = 1
                id = "0123456789abcdef0123456789abcdef"
                keys = [
                  "passphrase:",
                ]
                epoch = 1
                [sites]
                a = "/mnt/a"
                """);
        KeepFiles.allow(file, List.of(new KeyUri("local:x")));
        assertThat(KeepFiles.read(file).keys()).containsExactly(new KeyUri("passphrase:"), new KeyUri("local:x"));
        KeepFiles.disallow(file, Set.of(new KeyUri("passphrase:")));
        assertThat(KeepFiles.read(file).keys()).containsExactly(new KeyUri("local:x"));
    }

    /** Each process raises the epoch from what it is: without a lock some would raise it from what it was. */
    @Test
    void processesThatUpdateOneFileTakeNothingBack() throws Exception {
        KeepFiles.create(file, content("passphrase:"));
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        everyPath(),
                        Raising.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        while (other.isAlive() && KeepFiles.read(file).epoch() == 1) {
            Thread.onSpinWait();
        }
        Raising.main(file.toString());
        String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor()).as(output).isZero();
        assertThat(KeepFiles.read(file).epoch()).isEqualTo(1 + 2 * Raising.TIMES);
    }

    /** Tests run on a class path or on a module path; a child on all there is. */
    private static String everyPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(
                        File.pathSeparator, Path.of("target", "test-classes") + File.pathSeparator, ""));
    }

    /** Raises the epoch of a keep file again and again. */
    static final class Raising {
        static final int TIMES = 50;

        public static void main(String... arguments) throws IOException {
            for (int i = 0; i < TIMES; i++) {
                KeepFiles.update(
                        Path.of(arguments[0]), now -> new KeepFile(now.id(), now.keys(), now.epoch() + 1, now.sites()));
            }
        }
    }

    @Test
    void aMissingFileNamesTheCommandsThatMakeOne() {
        assertThatThrownBy(() -> KeepFiles.read(file))
                .isInstanceOf(KeepFileException.class)
                .hasMessageContaining("create")
                .hasMessageContaining("adopt");
    }

    @Test
    void aDirectoryAndBytesThatAreNoTextAreNoKeepFile() throws IOException {
        assertThatThrownBy(() -> KeepFiles.read(folder)).hasMessageContaining("found a directory");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> KeepFiles.read(file)).hasMessageContaining("no UTF-8 text");
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static KeepFile content(String key) {
        return new KeepFile(
                new KeepId("0123456789abcdef0123456789abcdef"),
                List.of(new KeyUri(key)),
                1,
                List.of(new KeepFile.SiteLine("a", "/mnt/a", 0)));
    }
}
