package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));

    @BeforeEach
    void createKeep() {
        keep = KeepFixture.create(dir);
    }

    @Test
    void aSettledPutTellsWhichSiteLacksIt() throws IOException {
        assertThat(keep.cli
                        .run(new byte[10], "put", "--settled", "-", "/x")
                        .expect(ExitCode.OK)
                        .err())
                .doesNotContain("lacks");
        keep.lose("c");
        keep.cli.run(new byte[10], "put", "-", "/y").expect(ExitCode.OK);
        assertThat(keep.cli
                        .run(new byte[10], "put", "--settled", "-", "/z")
                        .expect(ExitCode.DEGRADED)
                        .err())
                .contains("site c lacks 1 object");
    }

    @Test
    void aDryCollectionCountsAndDeletesNothing() throws IOException {
        keep.cli.run(new byte[10], "put", "-", "/x").expect(ExitCode.OK);
        keep.cli.run(new byte[11], "put", "-", "/x").expect(ExitCode.OK);
        keep.cli.run(new byte[12], "put", "-", "/gone").expect(ExitCode.OK);
        keep.run("rm", "/gone").expect(ExitCode.OK);
        List<Path> before = keep.blobs("a");
        assertThat(keep.run("gc", "--dry-run").expect(ExitCode.OK).out())
                .isEqualTo("would delete 12 old records and 0 old slices, and forget 1 name\n");
        assertThat(keep.run("gc", "-n", "--json").expect(ExitCode.OK).out())
                .contains("\"dryRun\": true", "\"records\": 12", "\"purged\": 1");
        assertThat(keep.blobs("a")).containsAll(before);
    }
}
