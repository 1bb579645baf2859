package io.slicekeep.dispersal;

import java.time.Duration;

/**
 * How long operations over several sites take at most, and how long they wait. Immutable.
 *
 * @param deadline D: how long one operation may take; no record is put later (docs/PROTOCOLS.md 4)
 * @param patience how long they wait for single sites: a write that is acknowledged for the others its settle time, a read
 *     that could do with the answers it has its hedge delay
 */
public record Timing(Duration deadline, Patience patience) {
    /** Two minutes, and the default patience. */
    public static final Timing DEFAULT = new Timing(Duration.ofMinutes(2), Patience.DEFAULT);

    /** Checks that there is any time. */
    public Timing {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a deadline must be positive: deadline=" + deadline);
        }
    }
}
