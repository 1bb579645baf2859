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
                .doesNotContain("away", "change");
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
                .contains("\"kind\": \"replace\"", "\"departure\": \"serving\"");
        Cli.Result other = keep.run("site", "replace", "d", dir.resolve("d2").toString());
        assertThat(other.expect(ExitCode.UNAVAILABLE).err()).contains("site c is being replaced");
        assertThat(keep.run("site", "replace", "--give-up", "c")
                        .expect(ExitCode.OK)
                        .out())
                .contains("stays");
        assertThat(keep.run("show").expect(ExitCode.OK).out()).doesNotContain("being replaced");
    }

    @Test
    void aSiteIsAddedAndAnotherOneRemoved() throws IOException {
        String free = dir.resolve("g").toString();
        assertThat(keep.run("site", "add", "g", free).expect(ExitCode.OK).out())
                .contains("site g is " + free, "4+3,f=1,away=1", "names looked after");
        keep.run("verify").expect(ExitCode.OK);
        keep.lose("a");
        assertThat(keep.run("site", "remove", "--lost", "a").expect(ExitCode.OK).out())
                .contains("site a is removed, the profile 4+2,f=0,away=1");
        assertThat(keep.run("site", "remove", "--lost", "a").expect(ExitCode.OK).out())
                .contains("site a is removed, the profile 4+2,f=0,away=1; 0 names");
        keep.run("verify").expect(ExitCode.OK);
        assertThat(keep.run("site", "list", "--json").expect(ExitCode.OK).out())
                .contains("\"name\": \"g\"", "\"slice\": 6")
                .doesNotContain("\"name\": \"a\"", "away");
        assertThat(keep.run("profile", "set", "4+2,f=1").expect(ExitCode.OK).out())
                .contains("the profile is 4+2,f=1");
        keep.run("get", "/photos", dir + "/restored").expect(ExitCode.OK);
        for (int i = 0; i < 3; i++) {
            assertThat(dir.resolve("restored/file" + i)).hasSameBinaryContentAs(source.resolve("file" + i));
        }
    }

    @Test
    void whatIsLeftUnfinishedOfAnAdditionIsShownWithTheCommandThatFinishesIt() throws IOException {
        for (String site : new String[] {"a", "b", "d"}) {
            keep.rot(site);
        }
        String free = dir.resolve("g").toString();
        assertThat(keep.run("site", "add", "g", free).status()).isNotZero();
        assertThat(keep.run("show").expect(ExitCode.OK).out())
                .contains("Site g is being added at " + free, "slicekeep site add --profile 4+3,f=1,away=1 g " + free);
        assertThat(keep.run("site", "remove", "c").expect(ExitCode.UNAVAILABLE).err())
                .contains("site g is being added", "give it up");
        assertThat(keep.run("site", "add", "--give-up", "g").expect(ExitCode.OK).out())
                .contains("site g is not added");
        assertThat(keep.run("show").expect(ExitCode.OK).out()).doesNotContain("being added");
    }

    @Test
    void mistakesOfAddingAndRemovingAreNamed() {
        String free = dir.resolve("g").toString();
        keep.run("site", "add", "g").expect(ExitCode.USAGE);
        keep.run("site", "add", "g!", free).expect(ExitCode.USAGE);
        keep.run("site", "add", "--profile", "nonsense", "g", free).expect(ExitCode.USAGE);
        assertThat(keep.run("site", "add", "--profile", "5+2", "g", free)
                        .expect(ExitCode.UNAVAILABLE)
                        .err())
                .contains("site g cannot be added", "k can change only while the sites stay");
        assertThat(keep.run("site", "add", "c", free)
                        .expect(ExitCode.UNAVAILABLE)
                        .err())
                .contains("has a site c already");
        assertThat(keep.run("site", "remove", "x").expect(ExitCode.NOT_FOUND).err())
                .contains("no site x");
        keep.run("site", "remove", "--lost", "--give-up", "c").expect(ExitCode.USAGE);
        keep.run("profile", "set").expect(ExitCode.USAGE);
        keep.run("site", "remove", "f").expect(ExitCode.OK);
        assertThat(keep.run("site", "remove", "f").expect(ExitCode.OK).out()).contains("site f is removed");
        assertThat(keep.run("site", "remove", "e").expect(ExitCode.USAGE).err()).contains("no redundancy", "4+0");
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
