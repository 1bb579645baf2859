package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes under conditions, as the command does them. */
class ConditionTest {
    private static final Pattern ETAG = Pattern.compile("\"etag\" ?: ?\"([0-9a-f]{24})\"");

    @TempDir
    Path dir;

    private KeepFixture conditional() {
        KeepFixture keep = new KeepFixture(dir);
        keep.run("key", "create", "--key", "k").expect(ExitCode.OK);
        List<String> line = new ArrayList<>(List.of(keep.createLine()));
        line.addAll(List.of("--mode", "conditional"));
        keep.run(line.toArray(String[]::new)).expect(ExitCode.OK);
        return keep;
    }

    private Path file(String contents) throws IOException {
        return Files.writeString(dir.resolve(contents), contents);
    }

    private static String etag(KeepFixture keep, String name) {
        Matcher matcher = ETAG.matcher(
                keep.run("stat", "--json", name).expect(ExitCode.OK).out());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void ofTwoThatPutWhatIsNotThereTheSecondIsToldWhatIs() throws IOException {
        KeepFixture keep = conditional();
        assertThat(keep.run("show").expect(ExitCode.OK).out()).contains("mode conditional");
        keep.run("put", "--if-none-match", file("one").toString(), "/lock").expect(ExitCode.OK);
        String err = keep.run("put", "--if-none-match", file("two").toString(), "/lock")
                .expect(ExitCode.PRECONDITION)
                .err();
        assertThat(err).contains("lock", etag(keep, "/lock"));
        assertThat(keep.run("get", "/lock", "-").expect(ExitCode.OK).out()).isEqualTo("one");
        assertThat(keep.run("ls", "--json").expect(ExitCode.OK).out()).contains(etag(keep, "/lock"));
    }

    @Test
    void whatWasSeenIsReplacedAndDeletedAndNothingNewer() throws IOException {
        KeepFixture keep = conditional();
        keep.run("put", file("one").toString(), "/x").expect(ExitCode.OK);
        String first = etag(keep, "/x");
        keep.run("put", "--if-match", first, file("two").toString(), "/x").expect(ExitCode.OK);
        keep.cli
                .run("three".getBytes(StandardCharsets.UTF_8), "put", "--if-match", first, "-", "/x")
                .expect(ExitCode.PRECONDITION);
        keep.run("rm", "--if-match", first, "/x").expect(ExitCode.PRECONDITION);
        assertThat(keep.run("get", "/x", "-").expect(ExitCode.OK).out()).isEqualTo("two");
        keep.run("rm", "--if-match", etag(keep, "/x"), "/x").expect(ExitCode.OK);
        keep.run("stat", "/x").expect(ExitCode.NOT_FOUND);
    }

    @Test
    void aConditionIsAboutOneFile() throws IOException {
        KeepFixture keep = conditional();
        String one = file("one").toString();
        keep.run("put", "--if-none-match", one, file("two").toString(), "/").expect(ExitCode.USAGE);
        keep.run("put", "--if-none-match", dir.toString(), "/all").expect(ExitCode.USAGE);
        keep.run("put", "--if-none-match", "--if-match", "x", one, "/x").expect(ExitCode.USAGE);
        keep.run("rm", "--if-match", "x", "/a", "/b").expect(ExitCode.USAGE);
        keep.run("rm", "-r", "--if-match", "x", "/a").expect(ExitCode.USAGE);
    }

    @Test
    void scrubWithoutKeysSaysThatItCannotTellWhatIsThere() throws IOException {
        KeepFixture keep = conditional();
        keep.run("put", file("one").toString(), "/x").expect(ExitCode.OK);
        assertThat(keep.run("scrub").expect(ExitCode.USAGE).err()).contains("conditional", "slicekeep verify");
    }

    @Test
    void whereTheLastWriterWinsTheRemedyIsNamed() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        assertThat(keep.run("put", "--if-none-match", file("one").toString(), "/x")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--mode conditional");
        keep.run("stat", "/x").expect(ExitCode.NOT_FOUND);
        assertThat(keep.run("create", "x.keep", "--mode", "cas", "--profile", "1+0", "--site", "a=/x")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("lww or conditional");
    }

    /** Processes that share nothing but the directories. */
    @Test
    @Timeout(600)
    void ofManyProcessesThatPutWhatIsNotThereOneSucceeds() throws Exception {
        KeepFixture keep = conditional();
        List<Process> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            writers.add(keep.cli.start(
                    List.of(), "put", "--if-none-match", file("w" + i).toString(), "/lock"));
        }
        List<Integer> winners = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            int status = writers.get(i).waitFor();
            assertThat(status).isIn(ExitCode.OK.number(), ExitCode.PRECONDITION.number());
            if (status == ExitCode.OK.number()) {
                winners.add(i);
            }
        }
        assertThat(winners).hasSize(1);
        assertThat(keep.run("get", "/lock", "-").expect(ExitCode.OK).out()).isEqualTo("w" + winners.get(0));
    }
}
