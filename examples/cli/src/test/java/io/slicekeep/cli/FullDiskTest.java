package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slicekeep.cli.ui.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites and targets whose disk is full or read-only: small file systems in memory, which take root. */
class FullDiskTest {
    private static final int LARGE_BYTES = 8 << 20;

    @TempDir
    Path dir;

    private final List<Path> mounted = new ArrayList<>();
    private KeepFixture keep = new KeepFixture(Path.of(""));

    @BeforeEach
    void createKeep() {
        keep = new KeepFixture(dir);
    }

    @AfterEach
    void unmount() throws Exception {
        for (Path path : mounted) {
            run("umount", path.toString());
        }
    }

    private void mount(Path path) throws Exception {
        Files.createDirectories(path);
        boolean done = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path.toString());
        String otherwise = "mounting a small file system takes root";
        assertThat(done || !"true".equals(System.getenv("CI"))).as(otherwise).isTrue();
        assumeTrue(done, otherwise);
        mounted.add(path);
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }

    private void create() {
        keep.run("key", "create", "--key", "k").expect(ExitCode.OK);
        keep.run(keep.createLine()).expect(ExitCode.OK);
    }

    private static byte[] large() {
        byte[] bytes = new byte[LARGE_BYTES];
        new Random(2).nextBytes(bytes);
        return bytes;
    }

    @Test
    void oneFullSiteIsNamedAndTheObjectIsKept() throws Exception {
        mount(keep.site("c"));
        create();
        Cli.Result put = keep.cli.run(large(), "put", "-", "/large").expect(ExitCode.OK);
        assertThat(put.err()).contains("site c lacks 1 object").contains("No space left");
        assertThat(keep.unfinished("c")).isZero();
        assertThat(keep.run("get", "/large", "-").expect(ExitCode.OK).bytes()).hasSize(LARGE_BYTES);
        assertThat(keep.run("stat", "/large").out()).contains("5 of 6 slices whole");
    }

    @Test
    void twoFullSitesRefuseThePutAndNothingOfItIsVisible() throws Exception {
        mount(keep.site("c"));
        mount(keep.site("d"));
        create();
        keep.cli.run(new byte[10], "put", "-", "/small").expect(ExitCode.OK);
        Cli.Result put = keep.cli.run(large(), "put", "-", "/large").expect(ExitCode.UNAVAILABLE);
        assertThat(put.err()).contains("c").contains("d").contains("No space left");
        assertThat(keep.run("ls").expect(ExitCode.OK).out()).isEqualTo("/small\n");
        assertThat(keep.run("get", "/small", "-").expect(ExitCode.OK).bytes()).hasSize(10);
    }

    @Test
    void fullTargetLeavesNoPartOfAFile() throws Exception {
        create();
        keep.cli.run(large(), "put", "-", "/large").expect(ExitCode.OK);
        Path target = dir.resolve("target");
        mount(target);
        assertThat(keep.run("get", "/large", target + "/large")
                        .expect(ExitCode.IO)
                        .err())
                .contains("No space left");
        assertThat(keep.run("get", "/", target.toString()).expect(ExitCode.IO).err())
                .contains("No space left")
                .endsWith("; 1 failed; the rest was not tried\n");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void readOnlySiteIsNamedAndReadFrom() throws Exception {
        mount(keep.site("c"));
        create();
        keep.cli.run(new byte[10], "put", "-", "/before").expect(ExitCode.OK);
        assertThat(run("mount", "-o", "remount,ro", keep.site("c").toString())).isTrue();
        Cli.Result put = keep.cli.run(new byte[11], "put", "-", "/after").expect(ExitCode.OK);
        assertThat(put.err()).contains("site c").containsIgnoringCase("read-only");
        keep.lose("d");
        assertThat(keep.run("get", "/before", "-").expect(ExitCode.OK).bytes()).hasSize(10);
        assertThat(keep.run("get", "/after", "-").expect(ExitCode.OK).bytes()).hasSize(11);
    }
}
