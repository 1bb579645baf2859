package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));

    @BeforeEach
    void createKeep() {
        keep = KeepFixture.create(dir);
    }

    @Test
    void sitesOnOneDiskAreAWarning() {
        Cli.Result result = keep.run("doctor").expect(ExitCode.DEGRADED);
        assertThat(result.out())
                .contains("ok       keep: keys: they open it")
                .contains("warning  keep: disks: sites a, b, c, d, e, f are on one file system")
                .contains("\n         -> give each a disk of its own")
                .contains("0 problems, 1 warning")
                .doesNotContain("PROBLEM");
    }

    @Test
    void aLostSiteIsAProblemAlsoAsJson() throws IOException {
        keep.lose("c");
        assertThat(keep.run("doctor").expect(ExitCode.PROBLEM).out()).contains("PROBLEM  site c: identity: ");
        assertThat(keep.run("doctor", "--json").expect(ExitCode.PROBLEM).out())
                .contains("\"problems\": 1", "\"level\": \"problem\"", "\"subject\": \"site c\"");
    }

    @Test
    void noKeyIsNeeded() {
        Cli keyless = new Cli().with("SLICEKEEP_KEEP", keep.keepFile().toString());
        Cli.Result result = keyless.run("doctor").expect(ExitCode.DEGRADED);
        assertThat(result.err()).contains("no key is given");
        assertThat(result.out()).contains("ok       site f: promises: ");
    }

    @Test
    void aMissingKeystoreAndOneThatOthersCanReadAreProblems() throws IOException {
        assertThat(keep.run("doctor", "--keystore", keep.path("nope").toString())
                        .expect(ExitCode.PROBLEM)
                        .out())
                .contains("PROBLEM  keys: reading: ")
                .contains("ok       site f: promises: ");
        Files.setPosixFilePermissions(keep.keystore(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(keep.run("doctor").expect(ExitCode.PROBLEM).out()).contains("-> chmod go= " + keep.keystore());
    }

    @Test
    void whatIsNotKnownOfAStoreIsNotedByADeepOne() throws IOException {
        try (var files = Files.walk(keep.site("b").resolve("capabilities@"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        assertThat(keep.run("show").out()).containsPattern("site-b +not probed");
        assertThat(keep.run("doctor").expect(ExitCode.DEGRADED).out())
                .contains("warning  site b: promises: ", "slicekeep doctor --deep");
        keep.run("doctor", "--deep").expect(ExitCode.DEGRADED);
        assertThat(keep.run("show").out()).containsPattern("site-b +sound, decides races");
    }
}
