package io.slicekeep.dispersal;

import java.time.Duration;

/**
 * How long a dispersal waits for its sites. Immutable.
 *
 * @param siteTimeout after which a site that has not done one step - opened, or taken or given its part of one stripe -
 *     counts as failed
 * @param commitTimeout the same for a commit, which may have to bring a whole slice to a disk
 * @param settleTime how long a commit that W sites have confirmed waits for the others
 * @param hedgeDelay after which at the latest a reader asks another site for what a slow one has not given yet; earlier where
 *     it is known how long answers take
 */
public record Patience(Duration siteTimeout, Duration commitTimeout, Duration settleTime, Duration hedgeDelay) {
    /** 30 s for a step, 5 min for a commit, 10 s to settle, 1 s before hedging. */
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(1));

    /** Checks that no duration is negative, and that a site has any time at all. */
    public Patience {
        requireNotNegative("siteTimeout", siteTimeout);
        requireNotNegative("commitTimeout", commitTimeout);
        requireNotNegative("settleTime", settleTime);
        requireNotNegative("hedgeDelay", hedgeDelay);
        if (siteTimeout.isZero() || commitTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "a site must have some time: siteTimeout=" + siteTimeout + " commitTimeout=" + commitTimeout);
        }
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + duration);
        }
    }
}
