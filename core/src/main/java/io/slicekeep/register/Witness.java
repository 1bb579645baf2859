package io.slicekeep.register;

/**
 * Is shown all values that a register's sites still show, whenever a ballot is open, before anything is decided. It may throw, so that
 * nothing is: where others than these sites may have decided, not only the newest value counts.
 */
@FunctionalInterface
public interface Witness {
    /** Looks at nothing. */
    Witness NONE = shown -> {};

    /**
     * Looks at a value, decided or not.
     *
     * @param shown the value
     */
    void sees(State shown);
}
