package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.tree.TreeDigest;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.PutOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PutGetTest {
    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));
    private Path source = Path.of("");

    @BeforeEach
    void createKeep() throws IOException {
        keep = KeepFixture.create(dir);
        source = Files.createDirectory(dir.resolve("source"));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        return random;
    }

    private void fill() throws IOException {
        Files.createDirectories(source.resolve("deep/er"));
        Files.createDirectory(source.resolve("empty"));
        Files.write(source.resolve("deep/er/large"), random(2_500_000));
        Files.write(source.resolve("deep/small"), random(100));
        Files.createFile(source.resolve("nothing"));
        Files.writeString(source.resolve("x".repeat(255)), "long name");
        Files.writeString(source.resolve("new\nline \u001b[31m"), "control");
        Files.writeString(raw("bad%FF%FEname"), "not text");
        Files.writeString(Files.createDirectory(raw("dir%E9")).resolve("inside"), "below a name that is not text");
        Files.createSymbolicLink(source.resolve("link"), Path.of("deep/small"));
        Files.createSymbolicLink(source.resolve("dangling"), Path.of("/nowhere/at/all"));
        Files.createSymbolicLink(source.resolve("todir"), Path.of("deep"));
        Files.setAttribute(source.resolve("deep/small"), "unix:mode", 0b110_000_000);
        Files.setAttribute(source.resolve("nothing"), "unix:mode", 0b111_101_101);
        Files.setAttribute(source.resolve("empty"), "unix:mode", 0b101_101_000);
        Files.setLastModifiedTime(
                source.resolve("nothing"), FileTime.from(Instant.parse("1969-07-20T20:17:40.123456789Z")));
        Files.setLastModifiedTime(source.resolve("deep"), FileTime.from(Instant.parse("2001-02-03T04:05:06.7Z")));
    }

    /** A name in the source, with %XX for bytes. */
    private Path raw(String name) {
        return Path.of(URI.create("file://" + source.toUri().getRawPath().replaceAll("/*$", "/") + name));
    }

    private Cli.Result put() {
        return keep.run("put", source.toString(), "/photos");
    }

    private Cli.Result get(String target, String... more) {
        String[] line = {"get", "/photos", dir.resolve(target).toString()};
        String[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        return keep.run(all);
    }

    @Test
    void folderComesBackAsItWas() throws IOException {
        fill();
        put().expect(ExitCode.OK);
        get("restored").expect(ExitCode.OK);
        assertThat(TreeDigest.of(dir.resolve("restored")).entries())
                .isEqualTo(TreeDigest.of(source).entries())
                .hasSize(14);
        assertThat(Files.getLastModifiedTime(dir.resolve("restored/nothing")))
                .isEqualTo(Files.getLastModifiedTime(source.resolve("nothing")));
    }

    @Test
    void secondPutAndSecondGetCopyNothing() throws IOException {
        fill();
        put().expect(ExitCode.OK);
        int before = keep.blobs("a").size();
        assertThat(put().expect(ExitCode.OK).err()).contains("put 0 entries").contains("; 15 unchanged");
        assertThat(keep.blobs("a")).hasSize(before);
        get("restored").expect(ExitCode.OK);
        assertThat(get("restored").expect(ExitCode.OK).err())
                .contains("got 0 entries")
                .contains("; 15 unchanged");
    }

    @Test
    void onlyWhatChangedIsPutAgain() throws IOException {
        fill();
        put().expect(ExitCode.OK);
        Files.writeString(source.resolve("deep/small"), "changed");
        assertThat(put().expect(ExitCode.OK).err()).contains("put 1 entry").contains("; 14 unchanged");
        get("restored").expect(ExitCode.OK);
        assertThat(dir.resolve("restored/deep/small")).hasContent("changed");
    }

    @Test
    void checksumFindsWhatLengthAndTimeHide() throws IOException {
        Path file = Files.writeString(source.resolve("file"), "before");
        FileTime time = Files.getLastModifiedTime(file);
        put().expect(ExitCode.OK);
        Files.writeString(file, "behind");
        Files.setLastModifiedTime(file, time);
        put().expect(ExitCode.OK);
        assertThat(keep.run("get", "/photos/file", "-").out()).isEqualTo("before");
        keep.run("put", "--checksum", source.toString(), "/photos").expect(ExitCode.OK);
        assertThat(keep.run("get", "/photos/file", "-").out()).isEqualTo("behind");
    }

    @Test
    void fileThatDiffersIsKeptUnlessForced() throws IOException {
        Files.writeString(source.resolve("one"), "1");
        Files.writeString(source.resolve("two"), "2");
        put().expect(ExitCode.OK);
        Path target = Files.createDirectory(dir.resolve("restored"));
        Files.writeString(target.resolve("one"), "precious");
        assertThat(get("restored").expect(ExitCode.EXISTS).err())
                .contains("restored/one exists and differs")
                .contains("--force");
        assertThat(target.resolve("one")).hasContent("precious");
        assertThat(target.resolve("two")).hasContent("2");
        get("restored", "--force").expect(ExitCode.OK);
        assertThat(target.resolve("one")).hasContent("1");
    }

    @Test
    void oneSourceBecomesTheDestinationAndSeveralGoIntoIt() throws IOException {
        Files.writeString(source.resolve("file"), "f");
        Path other = Files.createDirectory(dir.resolve("other"));
        Files.writeString(other.resolve("file"), "o");
        String file = source.resolve("file").toString();
        keep.run("put", source.toString(), "/one").expect(ExitCode.OK);
        keep.run("put", source.toString(), "/into/").expect(ExitCode.OK);
        keep.run("put", source.toString(), other.toString(), "/two").expect(ExitCode.OK);
        keep.run("put", file, "/named").expect(ExitCode.OK);
        keep.run("put", file, "/slash/").expect(ExitCode.OK);
        keep.run("put", file, "/").expect(ExitCode.OK);
        keep.run("put", other.resolve("file").toString(), "/two").expect(ExitCode.OK);
        assertThat(keep.run("ls", "-R").out().lines())
                .containsExactlyInAnyOrder(
                        "/file",
                        "/into/source/",
                        "/into/source/file",
                        "/named",
                        "/one/",
                        "/one/file",
                        "/slash/file",
                        "/two/file",
                        "/two/other/",
                        "/two/other/file",
                        "/two/source/",
                        "/two/source/file");
    }

    @Test
    void sourcesOfTheSameNameAreRefused() throws IOException {
        Files.createDirectories(dir.resolve("x/same"));
        Files.createDirectories(dir.resolve("y/same"));
        assertThat(keep.run("put", dir + "/x/same", dir + "/y/same", "/")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("same name");
    }

    @Test
    void severalNamesGoIntoTheTarget() throws IOException {
        Files.writeString(source.resolve("file"), "f");
        keep.run("put", source.toString(), "/a").expect(ExitCode.OK);
        keep.run("put", source.toString(), "/b/c").expect(ExitCode.OK);
        keep.run("get", "/a", "/b/c", "/a/file", dir + "/out").expect(ExitCode.OK);
        keep.run("get", "/a", dir + "/into/").expect(ExitCode.OK);
        keep.run("get", "/a/file", dir + "/named").expect(ExitCode.OK);
        keep.run("get", "/a/file", dir.toString()).expect(ExitCode.OK);
        for (String path : List.of("out/a/file", "out/c/file", "out/file", "into/a/file", "named", "file")) {
            assertThat(dir.resolve(path)).hasContent("f");
        }
    }

    @Test
    void linksAreStoredAndNeverFollowed() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        Files.createSymbolicLink(source.resolve("link"), outside);
        put().expect(ExitCode.OK);
        assertThat(keep.run("ls", "-R", "/photos").out().lines()).containsExactly("/photos/link");
        get("restored").expect(ExitCode.OK);
        assertThat(Files.readSymbolicLink(dir.resolve("restored/link"))).isEqualTo(outside);
        keep.run("put", source.resolve("link").toString(), "/alone").expect(ExitCode.OK);
        keep.run("get", "/alone", dir + "/alone").expect(ExitCode.OK);
        assertThat(dir.resolve("alone")).isSymbolicLink();
    }

    @Test
    void keepDoesNotPutItself() throws IOException {
        Cli.Result result = keep.run("put", dir.toString(), "/all").expect(ExitCode.OK);
        assertThat(result.err()).contains("site-a is left out: it is a site of this keep");
        assertThat(keep.run("ls", "-R").out()).contains("/all/my.keep").doesNotContain("site-a");
    }

    @Test
    void fileThatChangesWhileItIsReadIsLeftOut() throws Exception {
        Path busy = Files.write(source.resolve("busy"), random(8 << 20));
        Files.writeString(source.resolve("calm"), "c");
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            while (!done.get()) {
                try {
                    Files.write(busy, new byte[1], StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        writer.start();
        Cli.Result result;
        try {
            result = put();
        } finally {
            done.set(true);
            writer.join();
        }
        assertThat(result.expect(ExitCode.CHANGED).err())
                .contains("busy changed while it was read")
                .contains("1 failed");
        assertThat(keep.run("ls", "/photos").out()).isEqualTo("/photos/calm\n");
        put().expect(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f/../../escaped",
                "f/..",
                "f//etc",
                "f/a//b",
                "f/./x",
                "f/sub/../../../escaped",
                "f/./",
                "f//",
                "f/../"
            })
    void hostileNamesStayOutside(String name) throws IOException {
        keep.store(ObjectName.of("f/good"), "g", PutOptions.NONE);
        keep.store(ObjectName.of(name), "evil", PutOptions.NONE);
        Path target = Files.createDirectories(dir.resolve("cage/target"));
        Cli.Result result = keep.run("get", "/f", target.toString()).expect(ExitCode.IO);
        assertThat(result.err()).contains("could leave the target");
        assertThat(target.resolve("good")).hasContent("g");
        try (var files = Files.walk(dir.resolve("cage"))) {
            assertThat(files.map(path -> dir.resolve("cage").relativize(path).toString()))
                    .containsExactlyInAnyOrder("", "target", "target/good");
        }
    }

    @Test
    void nothingIsWrittenThroughALinkThatComesFromTheKeep() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        keep.store(
                ObjectName.of("f/way"),
                outside.toString(),
                new PutOptions(null, Map.of("file.type", "symlink"), false));
        keep.store(ObjectName.of("f/way/file"), "evil", PutOptions.NONE);
        keep.store(ObjectName.of("f/way/deep/file"), "evil", PutOptions.NONE);
        keep.run("get", "/f", dir + "/target").expect(ExitCode.EXISTS);
        keep.run("get", "--force", "/f", dir + "/target").expect(ExitCode.EXISTS);
        assertThat(outside).isEmptyDirectory();
        assertThat(dir.resolve("target/way")).isDirectory().doesNotHaveToString("x");
        assertThat(Files.isSymbolicLink(dir.resolve("target/way"))).isFalse();
    }

    @Test
    void nothingIsWrittenThroughALinkThatStandsInTheTarget() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.writeString(outside.resolve("file"), "precious");
        keep.store(ObjectName.of("f/way/file"), "evil", PutOptions.NONE);
        keep.store(ObjectName.of("f/file"), "evil", PutOptions.NONE);
        Path target = Files.createDirectory(dir.resolve("target"));
        Files.createSymbolicLink(target.resolve("way"), outside);
        Files.createSymbolicLink(target.resolve("file"), outside.resolve("file"));
        keep.run("get", "--force", "/f", target.toString()).expect(ExitCode.EXISTS);
        assertThat(outside.resolve("file")).hasContent("precious");
        assertThat(Files.isRegularFile(target.resolve("file"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void setUserIdIsNotRestored() throws IOException {
        Path file = Files.writeString(source.resolve("tool"), "t");
        Files.setAttribute(file, "unix:mode", 0b110_111_101_101);
        put().expect(ExitCode.OK);
        get("restored").expect(ExitCode.OK);
        assertThat((int) (Integer) Files.getAttribute(dir.resolve("restored/tool"), "unix:mode") & 0b111_111_111_111)
                .isEqualTo(0b111_101_101);
    }

    @Test
    void rangesAndStandardOutput() throws IOException {
        byte[] bytes = random(3_000_000);
        Files.write(source.resolve("large"), bytes);
        put().expect(ExitCode.OK);
        assertThat(Arrays.equals(
                        keep.run("get", "/photos/large", "-")
                                .expect(ExitCode.OK)
                                .bytes(),
                        bytes))
                .isTrue();
        for (String range : List.of("0-0", "16383-16385", "1048000-1050000", "2999990-", "-7", "2000000-9999999")) {
            int first =
                    range.startsWith("-") ? bytes.length - 7 : Integer.parseInt(range.substring(0, range.indexOf('-')));
            String last = range.substring(range.indexOf('-') + 1);
            int end = range.startsWith("-") || last.isEmpty()
                    ? bytes.length
                    : Math.min(bytes.length, Integer.parseInt(last) + 1);
            assertThat(keep.run("get", "--range", range, "/photos/large", "-")
                            .expect(ExitCode.OK)
                            .bytes())
                    .isEqualTo(Arrays.copyOfRange(bytes, first, end));
        }
        keep.run("get", "--range", "10-19", "/photos/large", dir + "/part").expect(ExitCode.OK);
        assertThat(dir.resolve("part")).hasBinaryContent(Arrays.copyOfRange(bytes, 10, 20));
        keep.run("get", "--range", "3000000-", "/photos/large", "-").expect(ExitCode.USAGE);
        keep.cli.at(new Shell.Terminals(false, true, false));
        keep.run("get", "/photos/large", "-").expect(ExitCode.USAGE);
    }

    @Test
    void standardInputBecomesAnObject() {
        byte[] bytes = random(2_000_000);
        keep.cli.run(bytes, "put", "-", "/backup/stream").expect(ExitCode.OK);
        assertThat(Arrays.equals(keep.run("get", "/backup/stream", "-").bytes(), bytes))
                .isTrue();
        keep.cli.run(bytes, "put", "-", "/backup/").expect(ExitCode.USAGE);
    }

    @Test
    void quietSaysNothing() throws IOException {
        Files.writeString(source.resolve("file"), "f");
        assertThat(keep.run("put", "-q", source.toString(), "/photos").err()).isEmpty();
        assertThat(keep.run("get", "-q", "/photos", dir + "/restored").err()).isEmpty();
    }

    @Test
    void missingThingsAreNamed() {
        assertThat(keep.run("get", "/nothing", dir + "/x")
                        .expect(ExitCode.NOT_FOUND)
                        .err())
                .contains("/nothing");
        assertThat(keep.run("get", "/nothing", "-").expect(ExitCode.NOT_FOUND).err())
                .contains("nothing");
        assertThat(keep.run("put", dir + "/nothing", "/x")
                        .expect(ExitCode.NOT_FOUND)
                        .err())
                .contains(dir + "/nothing");
        assertThat(Files.exists(dir.resolve("x"))).isFalse();
    }

    @Test
    void namesAreUtf8WhateverTheLocale() throws IOException {
        Files.write(raw("caf%C3%A9"), "utf-8".getBytes(StandardCharsets.UTF_8));
        put().expect(ExitCode.OK);
        assertThat(keep.run("ls", "/photos").out()).isEqualTo("/photos/caf\u00e9\n");
    }
}
