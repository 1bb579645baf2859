package io.slicekeep.blob;

/**
 * What the keys of a listing begin with: any leading part of a {@link BlobKey}, at a segment's border or not, or nothing.
 * Immutable.
 *
 * @param value up to 1000 bytes of the alphabet of {@link BlobKey} and {@code /}
 */
public record KeyPrefix(String value) {
    /** The prefix of every key. */
    public static final KeyPrefix ALL = new KeyPrefix("");

    /** Checks the alphabet and the length. */
    public KeyPrefix {
        BlobKey.requirePrefix(value);
    }

    /**
     * Tells whether a key begins with this prefix.
     *
     * @param key any key
     * @return true if it does
     */
    public boolean matches(BlobKey key) {
        return key.value().startsWith(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
