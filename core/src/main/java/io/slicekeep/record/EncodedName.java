package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import java.util.Optional;

/**
 * A name as it stands in keys (docs/FORMAT.md 6): its encrypted segments, or the encrypted segments of a directory and a
 * digest of a name too long for a key. Immutable.
 *
 * @param value segments joined by {@code /}
 */
public record EncodedName(String value) implements Comparable<EncodedName> {
    /** What the last segment of a long name begins with; no encrypted segment does. */
    public static final char LONG_MARK = '=';

    /** The most characters of an encoded name. */
    public static final int MAX_LENGTH = 860;

    /** The most characters of its last segment: a record's revision and hints follow it in the same segment of a key. */
    static final int MAX_LAST_SEGMENT = 150;

    /** Checks the alphabet and the lengths. */
    public EncodedName {
        requireFormed(value);
    }

    /**
     * Checks what may stand as a name in keys.
     *
     * @param value any text
     * @throws IllegalArgumentException unless it is a key of at most 860 characters, 150 in its last segment, without {@code !}
     */
    public static void requireFormed(String value) {
        int lastSegment = BlobKey.of(value).value().lastIndexOf('/') + 1;
        if (value.length() > MAX_LENGTH || value.length() - lastSegment > MAX_LAST_SEGMENT || value.indexOf('!') >= 0) {
            throw new IllegalArgumentException("an encoded name must have at most " + MAX_LENGTH + " characters, "
                    + MAX_LAST_SEGMENT + " in its last segment, and no !: name=" + value);
        }
    }

    /**
     * Reads the name out of a key: what stands between the folder and the first {@code !}.
     *
     * @param key any key
     * @param folder what the keys of all names begin with
     * @return the name; empty if there is none, or none that is well formed
     */
    public static Optional<EncodedName> in(String key, String folder) {
        int end = key.indexOf('!');
        if (end <= folder.length() || !key.startsWith(folder)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EncodedName(key.substring(folder.length(), end)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the encoded directory that the last segment stands in.
     *
     * @return segments joined by {@code /}, or "" for the root
     */
    public String directory() {
        return value.substring(0, Math.max(0, value.lastIndexOf('/')));
    }

    /**
     * Tells whether the name is too long for a key, so that only its record tells it.
     *
     * @return true if the last segment is a digest
     */
    public boolean isLong() {
        return lastSegment().charAt(0) == LONG_MARK;
    }

    /**
     * Returns the last segment.
     *
     * @return what follows the last {@code /}
     */
    public String lastSegment() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(EncodedName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
