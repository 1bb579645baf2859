package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.testkit.SimulatedTasks;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One register per name, whatever sites and processes do. */
class ConditionalLinearizabilityTest {
    @ParameterizedTest
    @CsvSource({"1+0, 20", "2+1, 60", "4+2, 100", "'4+2,f=1', 60", "'4+4,f=1,away=1', 60"})
    void everyHistoryOfConditionalWritesIsLinearizable(String profile, int seeds) {
        AtomicInteger percent = new AtomicInteger();
        SimulatedTasks.forEachSeed(
                seeds, tasks -> percent.addAndGet(new ConditionalSimulation(tasks, Profile.parse(profile), 8).run(4)));
        assertThat(percent.get() / seeds)
                .as("operations that succeeded, in percent")
                .isGreaterThan(40);
    }
}
