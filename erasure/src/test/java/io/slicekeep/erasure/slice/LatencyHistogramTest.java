package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void quantilesAreRightToWithinAQuarter() {
        for (int i = 1; i <= 1000; i++) {
            histogram.add(i * 1_000_000L);
        }
        assertThat(histogram.quantileNanos(0.95)).isBetween(950_000_000L, 1_190_000_000L);
        assertThat(histogram.quantileNanos(0.5)).isBetween(500_000_000L, 625_000_000L);
        assertThat(histogram.quantileNanos(1)).isBetween(1_000_000_000L, 1_250_000_000L);
    }

    @Test
    void extremesFallIntoTheOutermostBuckets() {
        histogram.add(0);
        assertThat(histogram.quantileNanos(1)).isEqualTo(10_000);
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.quantileNanos(1)).isGreaterThan(3_600_000_000_000L);
    }

    @Test
    void whatIsOldFades() {
        for (int i = 0; i < 2000; i++) {
            histogram.add(1_000_000_000);
        }
        assertThat(histogram.total()).isEqualTo(1000);
        for (int i = 0; i < 5000; i++) {
            histogram.add(1_000_000);
        }
        assertThat(histogram.quantileNanos(0.7)).isLessThan(1_250_001);
    }
}
