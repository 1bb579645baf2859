package io.slicekeep.scrub;

/**
 * What a scrub does. Immutable.
 *
 * @param depth how closely it looks
 * @param repair whether it rebuilds slices that are missing
 * @param after where it goes on: what {@link ScrubListener#reached} was told, or "" for the beginning
 * @param bytesPerSecond how much it reads, at most; 0 for no limit
 */
public record ScrubOptions(Depth depth, boolean repair, String after, long bytesPerSecond) {
    /** Checks the limit. */
    public ScrubOptions {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("bytesPerSecond must be >= 0: bytesPerSecond=" + bytesPerSecond);
        }
    }

    /** How closely a scrub looks. */
    public enum Depth {
        /** At what the sites list. */
        LIGHT,
        /** At every byte, by its checksums, and whether records agree. */
        DEEP
    }
}
