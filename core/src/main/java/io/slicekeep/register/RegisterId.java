package io.slicekeep.register;

import io.slicekeep.record.EncodedName;

/**
 * Names a register within its realm, as it stands in keys: segments joined by {@code /}, without {@code !}, as in an
 * {@link EncodedName}. Immutable.
 *
 * @param value at most 860 characters, the last segment at most 150
 */
public record RegisterId(String value) {
    /** Checks the alphabet and the lengths. */
    public RegisterId {
        EncodedName.requireFormed(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
