package io.slicekeep.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ElapsedClockTest {
    private static final long SECOND = 1_000_000_000;

    private long monotonic = 77 * SECOND;
    private long wall = 1_700_000_000 * SECOND;
    private final ElapsedClock clock = new ElapsedClock(() -> monotonic, () -> wall);

    private long advance(long monotonicNanos, long wallNanos) {
        long before = clock.elapsedNanos();
        monotonic += monotonicNanos;
        wall += wallNanos;
        return clock.elapsedNanos() - before;
    }

    @Test
    void startsAtZero() {
        assertThat(clock.elapsedNanos()).isZero();
    }

    @Test
    void bothClocksTogetherAreCountedOnce() {
        assertThat(advance(5 * SECOND, 5 * SECOND)).isEqualTo(5 * SECOND);
    }

    @Test
    void suspensionIsCountedThoughTheMonotonicClockStood() {
        assertThat(advance(SECOND, 3600 * SECOND)).isEqualTo(3600 * SECOND);
    }

    @Test
    void theMonotonicClockAloneKnowsNothingOfTheWallClock() {
        advance(SECOND, 3600 * SECOND);
        advance(SECOND, -3600 * SECOND);
        assertThat(clock.monotonicNanos()).isEqualTo(2 * SECOND);
    }

    @Test
    void aWallClockSetBackTakesNothingAway() {
        assertThat(advance(SECOND, -3600 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void suspensionIsCountedAfterTheWallClockWasSetBack() {
        advance(SECOND, -7200 * SECOND);
        assertThat(advance(SECOND, 1800 * SECOND)).isEqualTo(1800 * SECOND);
    }

    @Test
    void jitterOfTheWallClockDoesNotAddUp() {
        SplittableRandom random = new SplittableRandom(1);
        long jitter = 0;
        for (int i = 0; i < 100_000; i++) {
            long fresh = random.nextLong(-ElapsedClock.JITTER_NANOS / 3, ElapsedClock.JITTER_NANOS / 3);
            advance(1000, 1000 + fresh - jitter);
            jitter = fresh;
        }
        assertThat(clock.elapsedNanos()).isEqualTo(100_000 * 1000L);
    }

    @Test
    void aSlowDriftOfTheWallClockAddsUp() {
        for (int i = 0; i < 100; i++) {
            advance(SECOND, SECOND + ElapsedClock.JITTER_NANOS / 10);
        }
        assertThat(clock.elapsedNanos())
                .isBetween(100 * SECOND + 8 * ElapsedClock.JITTER_NANOS, 100 * SECOND + 10 * ElapsedClock.JITTER_NANOS);
    }

    /** The promise itself, over every pair of moments of a random history. */
    @Test
    void everyIntervalIsAtLeastAsLongAsEitherClockSays() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ElapsedClock fresh = new ElapsedClock(() -> monotonic, () -> wall);
            int moments = 60;
            long[][] seen = new long[moments][];
            for (int i = 0; i < moments; i++) {
                long step = random.nextLong(SECOND);
                monotonic += step;
                wall += step + random.nextLong(-SECOND, SECOND) / (random.nextInt(100) + 1);
                seen[i] = new long[] {fresh.elapsedNanos(), monotonic, wall};
                for (int j = 0; j < i; j++) {
                    long elapsed = seen[i][0] - seen[j][0];
                    assertThat(elapsed).as("seed %d", seed).isGreaterThanOrEqualTo(seen[i][1] - seen[j][1]);
                    assertThat(elapsed + 2 * ElapsedClock.JITTER_NANOS)
                            .as("seed %d", seed)
                            .isGreaterThanOrEqualTo(seen[i][2] - seen[j][2]);
                }
            }
        }
    }
}
