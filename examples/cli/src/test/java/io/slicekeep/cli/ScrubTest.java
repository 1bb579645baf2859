package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubTest {
    @TempDir
    private Path dir;

    private KeepFixture keep;

    @BeforeEach
    void fill() throws IOException {
        keep = KeepFixture.create(dir);
        Files.write(keep.path("large"), new byte[1_500_000]);
        Files.writeString(keep.path("small"), "some text");
        keep.run("put", keep.path("large").toString(), keep.path("small").toString(), "/in/")
                .expect(ExitCode.OK);
        Files.delete(keep.keystore());
    }

    @Test
    void withoutKeysWhatIsMissingIsFoundAndRebuilt() throws IOException {
        assertThat(keep.run("scrub").expect(ExitCode.OK).out()).contains("objects with 6 whole slices of 6");
        keep.run("scrub", "--light").expect(ExitCode.OK);
        Path slice = keep.blobs("b").stream()
                .filter(file -> file.toString().contains("b@"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(slice);
        Files.delete(slice);
        assertThat(keep.run("scrub", "--light").expect(ExitCode.DEGRADED).out()).contains("site b: lacks 1");
        assertThat(keep.run("scrub", "--repair", "--json").expect(ExitCode.OK).out())
                .contains("\"rebuiltSlices\": 1", "\"lackingSlices\": 0", "\"secondsToWhole\": 0.0");
        assertThat(slice).hasBinaryContent(bytes);
    }

    @Test
    void rotIsFoundAndLeftAlone() throws IOException {
        keep.rot("c");
        keep.run("scrub", "--light").expect(ExitCode.OK);
        assertThat(keep.run("scrub", "--deep", "--repair")
                        .expect(ExitCode.DEGRADED)
                        .out())
                .contains("site c: rotten", "for 'slicekeep repair'");
        assertThat(keep.run("scrub", "--json").expect(ExitCode.DEGRADED).out()).contains("\"rottenBySite\"");
    }

    @Test
    void itGoesOnWhereItStoppedAndForgetsThatAtTheEnd() throws IOException {
        Path state = keep.path("state");
        Files.writeString(state, "~~~/");
        assertThat(keep.run("scrub", "--resume", state.toString())
                        .expect(ExitCode.OK)
                        .out())
                .doesNotContain("whole slices");
        assertThat(state).doesNotExist();
        assertThat(keep.run("scrub", "--resume", state.toString())
                        .expect(ExitCode.OK)
                        .out())
                .contains("whole slices");
    }

    @Test
    void mistakesAreSaid() {
        keep.run("scrub", "--light", "--deep").expect(ExitCode.USAGE);
        keep.run("scrub", "--rate", "0").expect(ExitCode.USAGE);
        keep.run("scrub", "--rate", "1G").expect(ExitCode.OK);
    }
}
