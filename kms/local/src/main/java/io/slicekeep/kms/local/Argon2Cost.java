package io.slicekeep.kms.local;

/**
 * What one guess of a passphrase costs: the parameters of Argon2id (RFC 9106 section 3.1). Immutable.
 *
 * @param memoryKib memory in KiB, 8 times the lanes to 1048576
 * @param passes how often the memory is gone over, 1 to 16
 * @param lanes how many parts could be computed side by side, 1 to 16
 */
public record Argon2Cost(int memoryKib, int passes, int lanes) {
    /** 64 MiB, 3 passes, 4 lanes: the second choice of RFC 9106 section 4, for where 2 GiB are too much. */
    public static final Argon2Cost DEFAULT = new Argon2Cost(64 * 1024, 3, 4);

    private static final int MAX_MEMORY_KIB = 1024 * 1024;
    private static final int MAX_PASSES = 16;
    private static final int MAX_LANES = 16;
    private static final int MIN_KIB_PER_LANE = 8;

    /** Checks the bounds. */
    public Argon2Cost {
        requireRange("passes", passes, 1, MAX_PASSES);
        requireRange("lanes", lanes, 1, MAX_LANES);
        requireRange("memoryKib", memoryKib, MIN_KIB_PER_LANE * lanes, MAX_MEMORY_KIB);
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + " to " + max + ": " + name + "=" + value);
        }
    }
}
