package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Path note = keep.path("note");
        note(note, "deep", 0, cursors().get(0));
        assertThat(keep.run("scrub", "--resume", note.toString())
                        .expect(ExitCode.OK)
                        .out())
                .contains("1 object with 6 whole slices");
        assertThat(note).doesNotExist();
        assertThat(keep.run("scrub", "--resume", note.toString())
                        .expect(ExitCode.OK)
                        .out())
                .contains("2 objects with 6 whole slices");
        assertThat(note).doesNotExist();
    }

    @Test
    void whatWasFoundBeforeItStoppedCountsAtTheEnd() throws IOException {
        for (ExitCode found : List.of(ExitCode.DEGRADED, ExitCode.UNAVAILABLE, ExitCode.TOO_FEW_SLICES)) {
            note(keep.path("note"), "light", found.number(), cursors().get(1));
            assertThat(keep.run(
                                    "scrub",
                                    "--light",
                                    "--resume",
                                    keep.path("note").toString())
                            .expect(found)
                            .err())
                    .contains(found.name());
        }
    }

    /** What is no note of this scrub is neither believed nor changed: the keep file, for one. */
    @Test
    void noOtherFileIsTakenForANote() throws IOException {
        Path note = keep.path("note");
        for (String text : List.of(
                "", "~~~/", "~~~/\n", cursors().get(0) + "\n", "x".repeat(3000), "\u00e9\n", line("deep", 99, ""))) {
            Files.writeString(note, text);
            keep.run("scrub", "--resume", note.toString()).expect(ExitCode.USAGE);
            assertThat(note).hasContent(text);
        }
        note(note, "light", 0, cursors().get(1));
        keep.run("scrub", "--deep", "--resume", note.toString()).expect(ExitCode.USAGE);
        Files.writeString(note, Files.readString(note).replace("slicekeep-scrub 1 ", "slicekeep-scrub 1 0"));
        keep.run("scrub", "--light", "--resume", note.toString()).expect(ExitCode.USAGE);
        note(note, "light", 0, "~~~/x");
        keep.run("scrub", "--light", "--resume", note.toString()).expect(ExitCode.FORMAT);
        assertThat(note).exists();
        Path file = keep.path("my.keep");
        String before = Files.readString(file);
        keep.run("scrub", "--resume", file.toString()).expect(ExitCode.USAGE);
        keep.run("scrub", "--resume", dir.toString()).expect(ExitCode.USAGE);
        assertThat(file).hasContent(before);
    }

    @Test
    void sitesThatAreAwayAreNoLoss() throws IOException {
        for (String site : List.of("d", "e")) {
            keep.lose(site);
        }
        assertThat(keep.run("scrub").expect(ExitCode.DEGRADED).out()).doesNotContain("lost");
        keep.lose("f");
        keep.run("scrub").expect(ExitCode.UNAVAILABLE);
    }

    private List<String> cursors() throws IOException {
        return keep.blobs("a").stream()
                .map(file -> file.toString().replace("@/", "/").replaceAll("/#[^/]*/", "/"))
                .filter(file -> file.contains("/h/"))
                .map(file -> file.replaceAll(".*/n/([0-9a-f]{32})/h/([^!]*)!.*", "$1/$2"))
                .distinct()
                .sorted()
                .toList();
    }

    private void note(Path file, String depth, int code, String cursor) throws IOException {
        Files.writeString(file, line(depth, code, cursor));
    }

    private String line(String depth, int code, String cursor) throws IOException {
        String id = Files.readString(keep.path("my.keep")).replaceAll("(?s).*?\\bid = \"([^\"]*)\".*", "$1");
        return "slicekeep-scrub 1 " + id + " " + depth + " " + code + "\n" + cursor + "\n";
    }

    @Test
    void mistakesAreSaid() {
        keep.run("scrub", "--light", "--deep").expect(ExitCode.USAGE);
        keep.run("scrub", "--rate", "0").expect(ExitCode.USAGE);
        keep.run("scrub", "--rate", "1G").expect(ExitCode.OK);
    }
}
