package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.PutOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the modes of files forbid. The timeout only ends what hangs. */
@Timeout(900)
class FileModeTest {
    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));

    @BeforeEach
    void createKeep() {
        keep = KeepFixture.create(dir);
    }

    @Test
    void unreadableFilesFailAndTheRestGoesOn() throws Exception {
        Path source = Files.createDirectory(dir.resolve("source"));
        Files.writeString(source.resolve("good"), "g");
        Path file = Files.writeString(source.resolve("bad"), "b");
        Path folder = Files.createDirectory(source.resolve("worse"));
        setMode(file, "---------");
        setMode(folder, "---------");
        try {
            Cli.Result put = run("put", source.toString(), "/photos").expect(ExitCode.IO);
            assertThat(put.err()).contains("permission denied: " + file, "permission denied: " + folder);
        } finally {
            setMode(folder, "rwx------");
        }
        assertThat(keep.run("ls", "/photos").out()).isEqualTo("/photos/good\n/photos/worse/\n");
    }

    @Test
    void aReadOnlySiteServesReads() throws Exception {
        keep.store(ObjectName.of("x"), "before", PutOptions.NONE);
        List<Path> directories = directories(keep.site("d"));
        for (Path directory : directories) {
            setMode(directory, "r-xr-xr-x");
        }
        try {
            Path file = Files.writeString(dir.resolve("y"), "y");
            assertThat(run("put", file.toString(), "/y").err()).contains("site d");
            keep.lose("a");
            assertThat(run("get", "/x", "-").expect(ExitCode.OK).out()).isEqualTo("before");
        } finally {
            for (Path directory : directories) {
                setMode(directory, "rwxr-xr-x");
            }
        }
    }

    private Cli.Result run(String... args) throws Exception {
        Process process = keep.cli.startHeedingModes(args);
        byte[] out = process.getInputStream().readAllBytes();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Cli.Result(process.waitFor(), out, err);
    }

    private static List<Path> directories(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isDirectory).toList();
        }
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
