package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepSetupTest {
    @TempDir
    Path dir;

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    @Test
    void createSaysWhatToBackUp() {
        KeepFixture keep = new KeepFixture(dir);
        keep.run("key", "create", "--key", "k").expect(ExitCode.OK);
        assertThat(keep.run(keep.createLine()).expect(ExitCode.OK).out())
                .contains("any 4 of them", "Back up:", "my.keep", "keystore file");
        assertThat(keep.run(keep.createLine()).expect(ExitCode.EXISTS).err()).contains("my.keep exists: --force");
        List<String> again = new ArrayList<>(List.of(keep.createLine()));
        again.add("--force");
        assertThat(keep.run(again.toArray(String[]::new))
                        .expect(ExitCode.EXISTS)
                        .err())
                .contains("a: it is already a site of keep");
    }

    @Test
    void profileMustFitTheSites() {
        KeepFixture keep = new KeepFixture(dir);
        keep.run("key", "create", "--key", "k").expect(ExitCode.OK);
        Cli.Result result = keep.run(
                "create", keep.keepFile().toString(), "--key", "k", "--site", "a=" + dir + "/a", "--profile", "4+2");
        assertThat(result.expect(ExitCode.USAGE).err())
                .contains("needs 6 sites")
                .contains("1+0 would fit");
        assertThat(keep.run("create", "x", "--key", "k", "--site", "a/b=" + dir)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("site");
        assertThat(Files.exists(keep.keepFile())).isFalse();
    }

    @Test
    void showNeedsNoKeyAndTellsHowSitesStand() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        keep.lose("c");
        Cli keyless = new Cli().with("SLICEKEEP_KEEP", keep.keepFile().toString());
        assertThat(keyless.run("show").expect(ExitCode.OK).out())
                .contains("4+2", "local:k", "site-a")
                .containsPattern("c +\\S+site-c +away")
                .contains("with less redundancy");
        assertThat(keyless.run("show", "--json").expect(ExitCode.OK).out()).contains("\"access\": \"degraded\"");
        assertThat(keyless.run("show", "--json").out())
                .contains("\"races\": \"unproven\"", "\"sound\": true", "\"longestKeyBytes\": 1000");
        assertThat(keyless.run("show").out()).containsPattern("site-a +sound, races unproven \\(20.*\\) +there");
        assertThat(keep.run("show", "--verify").expect(ExitCode.OK).out()).doesNotContain("proves");
    }

    @Test
    void lostKeepFileIsRebuilt() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        keep.cli
                .run("kept".getBytes(java.nio.charset.StandardCharsets.UTF_8), "put", "-", "/x")
                .expect(ExitCode.OK);
        Files.delete(keep.keepFile());
        assertThat(keep.run("ls").expect(ExitCode.NOT_FOUND).err())
                .contains("my.keep")
                .contains("adopt");
        keep.run(
                        "adopt",
                        keep.keepFile().toString(),
                        "--site",
                        keep.site("f").toString(),
                        "--site",
                        keep.site("a").toString(),
                        "--site",
                        "c=" + keep.site("c"),
                        "--site",
                        keep.site("d").toString(),
                        "--site",
                        keep.site("b").toString(),
                        "--site",
                        keep.site("e").toString())
                .expect(ExitCode.OK);
        assertThat(keep.run("get", "/x", "-").expect(ExitCode.OK).out()).isEqualTo("kept");
    }

    @Test
    void adoptNamesWhatIsNoSiteAndAsksForMoreWhereThereAreTooFew() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        Files.delete(keep.keepFile());
        Path stranger = Files.createDirectory(dir.resolve("stranger"));
        List<String> line = new ArrayList<>(List.of("adopt", keep.keepFile().toString()));
        for (String site : List.of("a", "b", "c")) {
            line.addAll(List.of("--site", keep.site(site).toString()));
        }
        Path moved = Files.createDirectory(dir.resolve("moved"));
        for (String site : List.of("d", "e", "f")) {
            Files.move(keep.site(site), moved.resolve(site));
        }
        assertThat(keep.run(line.toArray(String[]::new))
                        .expect(ExitCode.UNAVAILABLE)
                        .err())
                .contains("needed 4, found 3", "d (" + keep.site("d") + ")", "give its path");
        line.addAll(List.of("--site", moved.resolve("d").toString(), "--site", stranger.toString()));
        assertThat(keep.run(line.toArray(String[]::new)).expect(ExitCode.OK).err())
                .contains(stranger + " is left out")
                .doesNotContain(keep.site("a") + " is left out");
        assertThat(keep.run(line.toArray(String[]::new)).expect(ExitCode.EXISTS).err())
                .contains("my.keep exists: --force");
    }

    @Test
    void typoInTheKeepFileIsNamedWithItsLine() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        String text = read(keep.keepFile());
        Files.writeString(keep.keepFile(), text.replace("keys =", "kyes ="));
        assertThat(keep.run("ls").expect(ExitCode.USAGE).err())
                .contains("my.keep")
                .containsPattern("line \\d+|:\\d+")
                .contains("kyes")
                .contains("keys")
                .hasLineCount(1);
    }

    @Test
    void swappedEmptyAndForeignSitesAreLeftOut() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        keep.cli
                .run("kept".getBytes(java.nio.charset.StandardCharsets.UTF_8), "put", "-", "/x")
                .expect(ExitCode.OK);
        keep.lose("c");
        Files.createDirectory(keep.site("c"));
        Cli.Result empty = keep.run("get", "/x", "-").expect(ExitCode.OK);
        assertThat(empty.err()).contains("site c is left out");
        assertThat(empty.out()).isEqualTo("kept");
        KeepFixture foreign = KeepFixture.create(Files.createDirectory(dir.resolve("other")));
        Files.delete(keep.site("c"));
        Files.move(foreign.site("c"), keep.site("c"));
        assertThat(keep.run("get", "/x", "-").expect(ExitCode.OK).err()).contains("site c is left out");
        Files.move(keep.site("a"), dir.resolve("swap"));
        Files.move(keep.site("b"), keep.site("a"));
        Files.move(dir.resolve("swap"), keep.site("b"), StandardCopyOption.ATOMIC_MOVE);
        Cli.Result swapped = keep.run("ls");
        assertThat(swapped.err()).contains("site a").contains("site b");
        assertThat(keep.blobs("a")).isNotEmpty();
    }

    @Test
    void fewerThanTheWriteQuorumRefusesThePutAndLosesNothing() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        keep.cli.run(new byte[10], "put", "-", "/x").expect(ExitCode.OK);
        keep.lose("c");
        keep.cli.run(new byte[11], "put", "-", "/y").expect(ExitCode.OK);
        keep.lose("d");
        assertThat(keep.cli
                        .run(new byte[12], "put", "-", "/z")
                        .expect(ExitCode.UNAVAILABLE)
                        .err())
                .contains("c")
                .contains("d");
        assertThat(keep.run("get", "/x", "-").expect(ExitCode.OK).bytes()).isEqualTo(new byte[10]);
        Cli.Result stale = keep.run("get", "/", dir + "/all").expect(ExitCode.OK);
        assertThat(stale.err()).contains("too few sites answer");
        assertThat(dir.resolve("all/x")).hasBinaryContent(new byte[10]);
    }

    @Test
    void rotationChangesTheKeysAndNothingElse() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        keep.cli.run(new byte[3_000_000], "put", "-", "/x").expect(ExitCode.OK);
        Map<String, byte[]> before = siteBytes(keep);
        keep.run("key", "rotate", "--key", "k").expect(ExitCode.OK);
        Map<String, byte[]> after = siteBytes(keep);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
        assertThat(keep.run("key", "list").expect(ExitCode.OK).out()).contains("local:k, version 2");
        assertThat(keep.run("key", "list", "--keystore", keep.keystore().toString())
                        .out())
                .containsPattern("k +2 +enabled");
        keep.run("get", "/x", "-").expect(ExitCode.OK);
    }

    /** All files of all sites but the wrapped keys. */
    private static Map<String, byte[]> siteBytes(KeepFixture keep) throws IOException {
        Map<String, byte[]> bytes = new TreeMap<>();
        for (String site : KeepFixture.NAMES) {
            try (Stream<Path> files = Files.walk(keep.site(site))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.toString().contains("keys@")) {
                        bytes.put(file.toString(), Files.readAllBytes(file));
                    }
                }
            }
        }
        return bytes;
    }

    @Test
    void passphraseIsChanged() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        keep.cli.run(new byte[5], "put", "-", "/x").expect(ExitCode.OK);
        String first = Cli.passphrase(dir, "first", "one");
        String second = Cli.passphrase(dir, "second", "two");
        keep.run("passwd", "--new-passphrase-file", first).expect(ExitCode.OK);
        Cli keyless = new Cli().with("SLICEKEEP_KEEP", keep.keepFile().toString());
        keyless.run("get", "--passphrase-file", first, "/x", "-").expect(ExitCode.OK);
        keyless.run("passwd", "--passphrase-file", first, "--new-passphrase-file", second)
                .expect(ExitCode.OK);
        assertThat(keyless.run("get", "--passphrase-file", first, "/x", "-")
                        .expect(ExitCode.KEY)
                        .err())
                .contains("my.keep: wrong key or passphrase")
                .hasLineCount(1);
        keyless.with("SLICEKEEP_PASSPHRASE_FILE", second).run("get", "/x", "-").expect(ExitCode.OK);
    }

    @Test
    void missingKeystoreKeyIsNamed() throws IOException {
        KeepFixture keep = KeepFixture.create(dir);
        String other = dir.resolve("other.keys").toString();
        keep.run("key", "create", "--keystore", other, "--key", "k2").expect(ExitCode.OK);
        assertThat(keep.run("ls", "--keystore", other).expect(ExitCode.KEY).err())
                .contains("local:k");
        assertThat(keep.run("create", "y.keep", "--keystore", other, "--key", "none", "--site", "a=" + dir + "/y")
                        .err())
                .contains("profile");
        assertThat(keep.run(
                                "create",
                                "y.keep",
                                "--profile",
                                "1+0",
                                "--keystore",
                                other,
                                "--key",
                                "none",
                                "--site",
                                "a=" + dir + "/y")
                        .expect(ExitCode.KEY)
                        .err())
                .contains("slicekeep key create");
    }
}
