package io.slicekeep.dispersal;

import java.time.Duration;

/**
 * How long operations over several sites take at most, and how long they wait. Immutable.
 *
 * @param deadline D: how long one operation may take; no record is put later (docs/PROTOCOLS.md 4)
 * @param patience how long they wait for single sites: a write that is acknowledged for the others its settle time, a read
 *     that could do with the answers it has its hedge delay
 * @param longestUpload U: how long after its first slice an object may still be recorded, at least D; all who use a keep must
 *     agree on it (docs/PROTOCOLS.md 6)
 */
public record Timing(Duration deadline, Patience patience, Duration longestUpload) {
    private static final Duration DAY = Duration.ofDays(1);

    /** Two minutes, the default patience, and uploads of a day. */
    public static final Timing DEFAULT = new Timing(Duration.ofMinutes(2), Patience.DEFAULT);

    /** Slices are garbage when they are so many times as old as the longest upload: clocks may be that wrong. */
    private static final int ORPHAN_UPLOADS = 7;

    /** Checks that there is any time. */
    public Timing {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a deadline must be positive: deadline=" + deadline);
        }
        if (longestUpload.compareTo(deadline) < 0) {
            throw new IllegalArgumentException("an upload must have the deadline's time at least: longestUpload="
                    + longestUpload + " deadline=" + deadline);
        }
    }

    /**
     * Creates a timing with uploads of a day.
     *
     * @param deadline D
     * @param patience how long operations wait for single sites
     */
    public Timing(Duration deadline, Patience patience) {
        this(deadline, patience, deadline.compareTo(DAY) > 0 ? deadline : DAY);
    }

    /**
     * Returns how old slices that no record names must be to be garbage.
     *
     * @return 7 U
     */
    public Duration orphanAge() {
        return longestUpload.multipliedBy(ORPHAN_UPLOADS);
    }
}
