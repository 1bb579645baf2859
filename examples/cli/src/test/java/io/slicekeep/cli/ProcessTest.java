package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: being killed, interrupted, cut off. The timeout only ends what hangs. */
@Timeout(900)
class ProcessTest {
    private static final int FILES = 60;

    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));
    private Path source = Path.of("");

    @BeforeEach
    void createKeep() throws IOException {
        keep = KeepFixture.create(dir);
        source = Files.createDirectory(dir.resolve("source"));
        Random random = new Random(1);
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = new byte[2 << 20];
            random.nextBytes(bytes);
            Files.write(source.resolve("file" + i), bytes);
        }
    }

    /** Starts a put, and waits until it is in the middle. */
    private Process putUntilTheMiddle() throws Exception {
        Process put = keep.cli.start(List.of(), "put", "--jobs", "2", source.toString(), "/photos");
        while (keep.blobs("a").size() < 12) {
            assertThat(put.isAlive()).as("it is not over yet").isTrue();
            put.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return put;
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private void goOnAndCompare() {
        Cli.Result again = keep.run("put", source.toString(), "/photos").expect(ExitCode.OK);
        assertThat(again.err()).containsPattern("; \\d+ unchanged");
        keep.run("get", "/photos", dir + "/restored").expect(ExitCode.OK);
        for (int i = 0; i < FILES; i++) {
            assertThat(dir.resolve("restored/file" + i)).hasSameBinaryContentAs(source.resolve("file" + i));
        }
    }

    @Test
    void killedPutShowsNothingHalfAndGoesOn() throws Exception {
        Process put = putUntilTheMiddle();
        put.destroyForcibly().waitFor();
        keep.run("get", "/photos", dir + "/partial").expect(ExitCode.OK);
        try (var files = Files.list(dir.resolve("partial"))) {
            List<Path> whole = files.toList();
            assertThat(whole).hasSizeBetween(1, FILES - 1);
            whole.forEach(file -> assertThat(file)
                    .hasSameBinaryContentAs(source.resolve(file.getFileName().toString())));
        }
        goOnAndCompare();
    }

    @Test
    void interruptedPutCleansUpAndGoesOn() throws Exception {
        Process put = putUntilTheMiddle();
        interrupt(put);
        assertThat(put.waitFor()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(text(put.getErrorStream())).contains("interrupted").doesNotContain("Exception");
        for (String site : KeepFixture.NAMES) {
            assertThat(keep.unfinished(site)).as("temporary files at " + site).isZero();
        }
        goOnAndCompare();
    }

    /** As Ctrl-C. Every shell has this kill; the program of its name is not everywhere. */
    private static void interrupt(Process process) throws Exception {
        Process kill = new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Test
    void interruptedGetLeavesNoPartOfAFile() throws Exception {
        keep.run("put", source.toString(), "/photos").expect(ExitCode.OK);
        Path target = dir.resolve("restored");
        Process get = keep.cli.start(List.of(), "get", "--jobs", "2", "/photos", target.toString());
        while (!Files.exists(target.resolve("file20"))) {
            assertThat(get.isAlive()).as("it is not over yet").isTrue();
            get.waitFor(5, TimeUnit.MILLISECONDS);
        }
        interrupt(get);
        assertThat(get.waitFor()).isEqualTo(ExitCode.INTERRUPTED.number());
        try (var files = Files.list(target)) {
            files.forEach(file -> assertThat(file)
                    .hasSameBinaryContentAs(source.resolve(file.getFileName().toString())));
        }
        assertThat(keep.run("get", "/photos", target.toString())
                        .expect(ExitCode.OK)
                        .err())
                .containsPattern("; \\d+ unchanged");
    }

    @Test
    void readerThatGoesAwayEndsItQuietly() throws Exception {
        keep.run("put", source.toString(), "/photos").expect(ExitCode.OK);
        Process get = keep.cli.start(List.of(), "get", "/photos/file1", "-");
        assertThat(get.getInputStream().readNBytes(10)).hasSize(10);
        get.getInputStream().close();
        assertThat(text(get.getErrorStream())).isEmpty();
        assertThat(get.waitFor()).isEqualTo(ExitCode.BROKEN_PIPE.number());
    }

    @Test
    void streamsPassThroughAPipe() throws Exception {
        Process seal = keep.cli.start(
                List.of(), "seal", "--key", "k", source.resolve("file1").toString());
        byte[] sealed = seal.getInputStream().readAllBytes();
        assertThat(seal.waitFor()).isZero();
        Process open = keep.cli.start(List.of(), "open");
        Thread writer = new Thread(() -> {
            try (var in = open.getOutputStream()) {
                in.write(sealed);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        byte[] opened = open.getInputStream().readAllBytes();
        writer.join();
        assertThat(open.waitFor()).isZero();
        assertThat(java.util.Arrays.equals(opened, Files.readAllBytes(source.resolve("file1"))))
                .isTrue();
    }

    @Test
    void smallHeapIsEnough() throws Exception {
        Process put = keep.cli.start(List.of("-Xmx64m"), "put", source.toString(), "/photos");
        String said = text(put.getErrorStream());
        assertThat(put.waitFor()).as(said).isZero();
        Process get = keep.cli.start(List.of("-Xmx64m"), "get", "/photos", dir + "/restored");
        said = text(get.getErrorStream());
        assertThat(get.waitFor()).as(said).isZero();
    }
}
