package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.testkit.SimulatedTasks;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sites are replaced one after the other while clients, old ones too, go on. */
@Tag("once")
class ReplacementSimulationTest {
    private static final int CLIENTS = 3;
    private static final int REPLACEMENTS = 4;

    @ParameterizedTest
    @CsvSource({
        "4+2, LWW, 25",
        "'4+2,f=1', LWW, 8",
        "2+3, LWW, 12",
        "4+2, CONDITIONAL, 15",
        "'4+2,f=1', CONDITIONAL, 6",
        "2+3, CONDITIONAL, 8"
    })
    void everyHistoryOfSmallObjectsIsLinearizable(String profile, NamespaceMode mode, int seeds) {
        AtomicInteger failed = new AtomicInteger();
        SimulatedTasks.forEachSeed(
                seeds,
                tasks -> failed.addAndGet(
                        new ReplacementSimulation(tasks, Profile.parse(profile), mode, 8).run(CLIENTS, REPLACEMENTS)));
        assertThat(failed.get() / seeds).as("operations that failed, of 36").isLessThan(9);
    }

    @Test
    void everyHistoryOfSlicedObjectsIsLinearizable() {
        SimulatedTasks.forEachSeed(
                2,
                tasks ->
                        new ReplacementSimulation(tasks, Profile.parse("4+2"), NamespaceMode.LWW, 1_200_000).run(2, 2));
    }
}
