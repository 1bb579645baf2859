package io.slicekeep.probe;

import java.util.List;

/**
 * What a probe found of a store. A probe can refute a promise and never prove one; what it did not see broken counts as held.
 * Immutable.
 *
 * @param probedMicros when, by the clock of who probed, in microseconds since 1970
 * @param longestKeyBytes the longest key that it took, of those tried
 * @param races whether one creation of many at a time succeeds
 * @param raceRounds how many races there were
 * @param broken the promises without which a store cannot be a site, and which this one broke, each in words; empty if it can be
 */
public record Capabilities(long probedMicros, int longestKeyBytes, Races races, int raceRounds, List<String> broken) {
    /** How many races a store must decide well before it is relied on: one that cannot may do well in most. */
    public static final int PROVING_ROUNDS = 100;

    /** Copies the list. */
    public Capabilities {
        broken = List.copyOf(broken);
    }

    /** Whether a store decides races. */
    public enum Races {
        /** The store does not say so. */
        NOT_OFFERED,
        /** It says so, and was not tried often enough. */
        UNPROVEN,
        /** It did, each time. */
        PROVEN,
        /** It says so, and did not. */
        BROKEN
    }

    /**
     * Tells whether the store can be a site.
     *
     * @return true if it broke no promise that sites need
     */
    public boolean sound() {
        return broken.isEmpty();
    }
}
