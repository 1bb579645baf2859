package io.slicekeep.register;

import io.slicekeep.record.Bytes;

/**
 * What a register holds at one moment. Immutable.
 *
 * @param version how often it was changed; 0 if never, and then there is no value
 * @param value what the last change gave
 */
public record State(long version, Bytes value) {
    /**
     * Tells whether the register was ever changed.
     *
     * @return false if it never held a value
     */
    public boolean exists() {
        return version > 0;
    }
}
