package io.slicekeep.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;

class StoreMarkerFuzzTest {
    @FuzzTest
    void whatIsReadIsWhatWouldBeWritten(byte[] bytes) {
        try {
            assertThat(StoreMarker.parse(bytes, "#store").format()).isEqualTo(bytes);
        } catch (FormatException e) {
            assertThat(e).hasMessageStartingWith("#store");
        }
    }
}
