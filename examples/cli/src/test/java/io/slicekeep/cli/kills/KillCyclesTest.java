package io.slicekeep.cli.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.cli.KeepFixture;
import io.slicekeep.cli.kills.KillCycles.Deed;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is killed and when, what was acknowledged is there. {@code ./kills 1000} runs more cycles. The timeout only ends what
 * hangs.
 */
@Tag("once")
@Timeout(7200)
class KillCyclesTest {
    private static final int CYCLES = Integer.getInteger("slicekeep.kills", 50);

    @TempDir
    Path dir;

    @Test
    void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
        long seed = Long.getLong("slicekeep.kills.seed", System.nanoTime());
        KillCycles cycles = new KillCycles(KeepFixture.create(dir, "--lease", "0"), seed);
        cycles.run(CYCLES);
        cycles.end();
        System.err.println(CYCLES + " cycles, seed " + seed + ", killed in the middle: " + cycles.kills());
        assertThat(cycles.kills()).containsKeys(Deed.PUT);
        assertThat(cycles.kills().values().stream().mapToInt(Integer::intValue).sum())
                .as("killed in the middle")
                .isGreaterThan(CYCLES / 4);
    }
}
