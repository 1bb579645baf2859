package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.testkit.SimulatedTasks;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One register per name, whatever sites and processes do. */
class LinearizabilityTest {
    @ParameterizedTest
    @CsvSource({"1+0, 20", "2+1, 60", "4+2, 150", "2+3, 60", "'4+2,f=1', 60", "'4+4,f=1,away=1', 80"})
    void everyHistoryOfInlineObjectsIsLinearizable(String profile, int seeds) {
        AtomicInteger percent = new AtomicInteger();
        SimulatedTasks.forEachSeed(
                seeds, tasks -> percent.addAndGet(new Simulation(tasks, Profile.parse(profile), 8).run(3)));
        assertThat(percent.get() / seeds)
                .as("operations that succeeded, in percent")
                .isGreaterThan(40);
    }

    @Test
    void everyHistoryOfSlicedObjectsIsLinearizable() {
        SimulatedTasks.forEachSeed(15, tasks -> new Simulation(tasks, Profile.parse("4+2"), 1_200_000).run(3));
    }
}
