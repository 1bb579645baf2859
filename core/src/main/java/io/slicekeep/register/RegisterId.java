package io.slicekeep.register;

import io.slicekeep.blob.BlobKey;

/**
 * Names a register within its realm, as it stands in keys: segments joined by {@code /}, without {@code !}. Every
 * {@link io.slicekeep.record.EncodedName} can be one. Immutable.
 *
 * @param value at most 860 characters, the last segment at most 150
 */
public record RegisterId(String value) {
    private static final int MAX_LENGTH = 860;
    private static final int MAX_LAST_SEGMENT = 150;

    /** Checks the alphabet and the lengths. */
    public RegisterId {
        int lastSegment = BlobKey.of(value).value().lastIndexOf('/') + 1;
        if (value.length() > MAX_LENGTH || value.length() - lastSegment > MAX_LAST_SEGMENT || value.indexOf('!') >= 0) {
            throw new IllegalArgumentException("a register id must have at most " + MAX_LENGTH + " characters, "
                    + MAX_LAST_SEGMENT + " in its last segment, and no !: id=" + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
