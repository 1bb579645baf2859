package io.slicekeep.probe;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a probe found of a store. A probe can refute a promise and never prove one; what it did not see broken counts as held.
 * Immutable.
 *
 * @param probedMicros when, by the clock of who probed, in microseconds since 1970
 * @param longestKeyBytes the longest key that it took, of those tried: 0 to 1000
 * @param races whether one creation of many at a time succeeds
 * @param raceRounds how many races there were
 * @param broken the promises that it broke, and how; empty if it can be a site
 */
public record Capabilities(
        long probedMicros, int longestKeyBytes, Races races, int raceRounds, Map<Promise, String> broken) {
    /** How many races a store must decide well before it is relied on: one that cannot may do well in most. */
    public static final int PROVING_ROUNDS = 100;

    /** Copies the map. */
    public Capabilities {
        Map<Promise, String> copy = new EnumMap<>(Promise.class);
        copy.putAll(broken);
        broken = Collections.unmodifiableMap(copy);
    }

    /** What a store must keep to be a site (docs/PROTOCOLS.md 1). */
    public enum Promise {
        /** What was committed is read from then on, and what was deleted is not. */
        READ_AFTER_WRITE("what was committed must be read from then on, and what was deleted must not"),
        /** What was committed is listed from then on, and what was deleted is not. */
        LIST_AFTER_WRITE("what was committed must be listed from then on, and what was deleted must not"),
        /** Listings are complete and in order. */
        ORDERED_LISTING("listings must be complete and in the order of the keys' bytes"),
        /** Blobs appear whole or not at all. */
        ATOMIC_VISIBILITY("a blob must not be visible before it was committed, nor an aborted one ever"),
        /** Keys may be as long as keys get. */
        LONG_KEYS("keys must have up to 1000 bytes, in segments of 250");

        private final String words;

        Promise(String words) {
            this.words = words;
        }
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
     * @return true if it broke no promise
     */
    public boolean sound() {
        return broken.isEmpty();
    }

    /**
     * Returns each broken promise in words, and how it was broken.
     *
     * @return empty if it is sound
     */
    public List<String> breaches() {
        return broken.entrySet().stream()
                .map(breach -> breach.getKey().words + ": " + breach.getValue())
                .toList();
    }
}
