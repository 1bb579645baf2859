package io.slicekeep.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.testkit.crash.SmallCrashes;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a process that stops leaves, others go on from there. {@code ./simulate --crashes 3} tries longer sequences. */
class SmallCrashesTest {
    private static final int LONGEST = Integer.getInteger("slicekeep.crashes", 1);

    static List<String> operations() {
        return SmallCrashes.operations();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyCrashIsRecoveredFrom(String first) {
        SmallCrashes.Found found = new SmallCrashes(SlicedDispersal::new, LONGEST).search(first);
        assertThat(found.broken()).isEmpty();
        assertThat(found.crashes()).isPositive();
    }
}
