package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteCommandTest {
    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));
    private Path source = Path.of("");

    @BeforeEach
    void createKeep() throws IOException {
        keep = new KeepFixture(dir);
        keep.run("key", "create", "--key", "k").expect(ExitCode.OK);
        String[] line = keep.createLine();
        keep.run(Stream.concat(Arrays.stream(line), Stream.of("--lease", "0")).toArray(String[]::new))
                .expect(ExitCode.OK);
        source = Files.createDirectory(dir.resolve("source"));
        Random random = new Random(1);
        for (int i = 0; i < 3; i++) {
            byte[] bytes = new byte[i == 0 ? 1_500_000 : 1000];
            random.nextBytes(bytes);
            Files.write(source.resolve("file" + i), bytes);
        }
        keep.run("put", source.toString(), "/photos").expect(ExitCode.OK);
    }

    @Test
    void aLostSiteIsReplacedAndAllIsWholeAgain() throws IOException {
        keep.lose("c");
        assertThat(keep.run("site", "list").expect(ExitCode.OK).out()).contains("c", "away");
        keep.run("verify").expect(ExitCode.DEGRADED);
        Cli.Result replaced =
                keep.run("site", "replace", "--lost", "c", dir.resolve("new").toString());
        assertThat(replaced.expect(ExitCode.OK).out()).contains("site c is", "new");
        keep.run("verify").expect(ExitCode.OK);
        assertThat(keep.run("show", "--verify").expect(ExitCode.OK).out())
                .contains("epoch 3", "All sites are there", dir.resolve("new").toString());
        keep.lose("a");
        keep.run("get", "/photos", dir + "/restored").expect(ExitCode.OK);
        for (int i = 0; i < 3; i++) {
            assertThat(dir.resolve("restored/file" + i)).hasSameBinaryContentAs(source.resolve("file" + i));
        }
    }

    @Test
    void aSiteIsDrainedAndThenNotUsed() throws IOException {
        keep.run("site", "replace", "-q", "c", dir.resolve("new").toString()).expect(ExitCode.OK);
        keep.lose("c");
        keep.run("verify").expect(ExitCode.OK);
        assertThat(keep.run("site", "list", "--json").expect(ExitCode.OK).out())
                .contains("\"name\": \"c\"", dir.resolve("new").toString())
                .doesNotContain("away", "replacement");
    }

    @Test
    void whatIsLeftUnfinishedIsShownWithTheCommandThatFinishesIt() throws IOException {
        for (String site : new String[] {"a", "b", "d"}) {
            keep.rot(site);
        }
        Cli.Result stopped = keep.run("site", "replace", "c", dir.resolve("new").toString());
        assertThat(stopped.status()).isNotZero();
        assertThat(keep.run("show").expect(ExitCode.OK).out())
                .contains("Site c is being replaced by " + dir.resolve("new"), "slicekeep site replace c");
        assertThat(keep.run("show", "--json").expect(ExitCode.OK).out())
                .contains("\"replacement\"", "\"departure\": \"serving\"");
        Cli.Result other = keep.run("site", "replace", "d", dir.resolve("d2").toString());
        assertThat(other.expect(ExitCode.UNAVAILABLE).err()).contains("site c is being replaced");
        assertThat(keep.run("site", "replace", "--give-up", "c")
                        .expect(ExitCode.OK)
                        .out())
                .contains("stays");
        assertThat(keep.run("show").expect(ExitCode.OK).out()).doesNotContain("being replaced");
    }

    @Test
    void mistakesAreNamed() {
        String free = dir.resolve("new").toString();
        assertThat(keep.run("site", "replace", "x", free)
                        .expect(ExitCode.NOT_FOUND)
                        .err())
                .contains("no site x", "[a, b, c, d, e, f]");
        keep.run("site", "replace", "c").expect(ExitCode.USAGE);
        keep.run("site", "replace", "--give-up", "c", free).expect(ExitCode.USAGE);
        assertThat(keep.run("site", "replace", "c", keep.site("d").toString())
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("same directory");
        assertThat(keep.run("site", "replace", "--give-up", "c")
                        .expect(ExitCode.UNAVAILABLE)
                        .err())
                .contains("is not being replaced");
    }
}
