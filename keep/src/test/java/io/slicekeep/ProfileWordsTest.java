package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileWordsTest {
    /** The table of docs/PROTOCOLS.md section 2. */
    @ParameterizedTest
    @CsvSource({
        "'4+2,f=0', '5 of 6 sites hold it (W), so 1 site may', '5 of 6 sites must answer (R), so 1 site may', 1 site, 2 sites",
        "'4+2,f=1', '5 of 6 sites hold it (W), so 1 site may', '6 of 6 sites must answer (R), so no sites may', 1 site, 2 sites",
        "'10+6', '13 of 16 sites hold it (W), so 3 sites may', '14 of 16 sites must answer (R), so 2 sites may', 3 sites, 6 sites",
    })
    void theNumbersOfTheTableAreSaid(String profile, String write, String read, String fresh, String settled) {
        String words = String.join("\n", ProfileWords.explain(Profile.parse(profile)));
        assertThat(words)
                .contains(write, read)
                .contains("a put survives the loss of " + fresh + "; once all")
                .contains("hold it, the loss of " + settled);
    }

    @Test
    void oneSiteIsExplainedToo() {
        assertThat(String.join("\n", ProfileWords.explain(Profile.of(1, 0))))
                .contains("1 data slice and no parity slices, one for each of 1 site")
                .doesNotContain("nor enough slices");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 100, 255})
    void theProfileThatIsProposedFits(int sites) {
        String message = ProfileWords.mismatch(Profile.of(200, 54), sites);
        String proposed = message.replaceAll(".*: (\\d+\\+\\d+) would fit$", "$1");
        assertThat(Profile.parse(proposed).sites()).isEqualTo(sites);
    }
}
