package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    Path dir;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = dir.resolve("folder");
        Files.createDirectories(folder.resolve("deep"));
        byte[] large = new byte[3 << 20];
        new Random(3).nextBytes(large);
        Files.write(folder.resolve("large"), large);
        Files.writeString(folder.resolve("deep/small"), "small");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("large"));
    }

    @Test
    void everythingPromisedIsShown() throws IOException {
        Path work = dir.resolve("work");
        String said = new Cli()
                .run("demo", folder.toString(), "--work", work.toString())
                .expect(ExitCode.OK)
                .out();
        assertThat(said)
                .contains("No site shows a word of it")
                .contains("SHA-256 of 2 files")
                .contains("is refused, as it must be: too few slices: needed 4, found 3; missing at a")
                .contains("lost site a as well");
        assertThat(work).doesNotExist();
    }

    @Test
    void filesAreKeptOnRequestAndRefusedInTheWay() throws IOException {
        Path work = dir.resolve("work");
        new Cli()
                .run("demo", folder.toString(), "--work", work.toString(), "--keep-files")
                .expect(ExitCode.OK);
        assertThat(work.resolve("demo.keep")).exists();
        assertThat(work.resolve("restored/large")).hasSameBinaryContentAs(folder.resolve("large"));
        new Cli().run("demo", folder.toString(), "--work", work.toString()).expect(ExitCode.EXISTS);
        new Cli()
                .run("demo", folder.toString(), "--work", folder.resolve("work").toString())
                .expect(ExitCode.USAGE);
    }
}
