package io.slicekeep.dispersal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Duration SOME = Duration.ofSeconds(1);

    @Test
    void noWaitingForTheSlowIsAllowed() {
        assertThat(new Patience(SOME, SOME, Duration.ZERO, Duration.ZERO).settleTime())
                .isZero();
    }

    @Test
    void siteWithoutAnyTimeIsRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Patience(Duration.ZERO, SOME, SOME, SOME));
        assertThatIllegalArgumentException().isThrownBy(() -> new Patience(SOME, Duration.ZERO, SOME, SOME));
    }

    @Test
    void negativeDurationsAreRejected() {
        Duration negative = SOME.negated();
        assertThatIllegalArgumentException().isThrownBy(() -> new Patience(negative, SOME, SOME, SOME));
        assertThatIllegalArgumentException().isThrownBy(() -> new Patience(SOME, negative, SOME, SOME));
        assertThatIllegalArgumentException().isThrownBy(() -> new Patience(SOME, SOME, negative, SOME));
        assertThatIllegalArgumentException().isThrownBy(() -> new Patience(SOME, SOME, SOME, negative));
    }
}
