package io.slicekeep.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class PlantedBugTest {
    private static final Path PROJECT = Path.of("..");

    @TempDir
    private Path folder;

    /** A few of them: {@code ./simulate --planted} looks for all. */
    @Test
    void theSimulatorSees() throws IOException {
        PlantedBugs bugs = new PlantedBugs(PROJECT, "");
        for (PlantedBug bug : Catalogue.BUGS) {
            if (List.of("3", "21", "22").contains(bug.number())) {
                assertThat(bugs.find(bug, 0, 200)).as("%s", bug).isNotEmpty();
            }
        }
    }

    @Test
    void everyBugStillFitsItsSource() throws IOException {
        for (PlantedBug bug : Catalogue.all()) {
            assertThat(bug.plantedIn(PROJECT)).isNotEqualTo(Files.readString(PROJECT.resolve(bug.source())));
        }
    }

    @Test
    void aBugThatNoLongerFitsIsSaid() throws IOException {
        Files.writeString(folder.resolve("A.java"), "one two two");
        assertThat(PlantedBug.of("0", "", "A.java", "one", "three").plantedIn(folder))
                .isEqualTo("three two two");
        for (String original : List.of("two", "four")) {
            assertThatThrownBy(() ->
                            PlantedBug.of("0", "", "A.java", original, "x").plantedIn(folder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("planted bug 0 no longer fits");
        }
    }
}
