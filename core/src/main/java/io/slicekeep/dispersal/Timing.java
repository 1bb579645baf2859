package io.slicekeep.dispersal;

import java.time.Duration;

/**
 * How long operations over several sites wait. Immutable.
 *
 * @param deadline D: how long one operation may take; no record is put later (docs/PROTOCOLS.md 4)
 * @param settle how long an acknowledged write waits for the sites that have not answered
 * @param patience how long a read that could do with fewer answers waits for more
 */
public record Timing(Duration deadline, Duration settle, Duration patience) {
    /** Two minutes, ten seconds, two seconds. */
    public static final Timing DEFAULT =
            new Timing(Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofSeconds(2));

    /** Checks that the times are sensible. */
    public Timing {
        if (deadline.isNegative() || deadline.isZero() || settle.isNegative() || patience.isNegative()) {
            throw new IllegalArgumentException("the deadline must be positive and no time negative: deadline="
                    + deadline + " settle=" + settle + " patience=" + patience);
        }
    }
}
