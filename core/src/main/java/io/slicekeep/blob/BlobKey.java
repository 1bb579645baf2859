package io.slicekeep.blob;

/**
 * The name of a blob in a store: 1 to 1000 ASCII bytes, segments of 1 to 250 bytes out of {@code 0-9 A-Z a-z . _ = + ! ~ -}
 * separated by {@code /}, no segment being {@code .} or {@code ..}. Keys order bytewise. Immutable.
 *
 * @param value the key as text
 */
public record BlobKey(String value) implements Comparable<BlobKey> {
    /** The longest key, in bytes. */
    public static final int MAX_KEY_BYTES = 1000;

    /** The longest segment, in bytes. */
    public static final int MAX_SEGMENT_BYTES = 250;

    private static final boolean[] ALLOWED =
            allowed("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._=+!~-");

    /** Checks the alphabet, the segments and the length. */
    public BlobKey {
        requirePrefix(value);
        if (value.isEmpty() || value.endsWith("/")) {
            throw new IllegalArgumentException("a key must end with a segment: key=" + value);
        }
        int lastSegment = value.lastIndexOf('/') + 1;
        requireSegment(value, lastSegment, value.length());
    }

    /**
     * Returns the key for the text.
     *
     * @param value the key as text
     * @return the key
     * @throws IllegalArgumentException if the text is no key
     */
    public static BlobKey of(String value) {
        return new BlobKey(value);
    }

    @Override
    public int compareTo(BlobKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Checks all whole segments of a prefix, and the alphabet and length of its open last one. */
    static void requirePrefix(String text) {
        if (text.length() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key must have at most " + MAX_KEY_BYTES + " bytes: bytes=" + text.length());
        }
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/') {
                requireSegment(text, start, i);
                start = i + 1;
            } else if (!allowed(c)) {
                throw new IllegalArgumentException("a key must be of 0-9 A-Z a-z . _ = + ! ~ - and /: found U+"
                        + Integer.toHexString(c) + " at " + i);
            }
        }
        if (text.length() - start > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException(
                    "a segment must have at most " + MAX_SEGMENT_BYTES + " bytes: bytes=" + (text.length() - start));
        }
    }

    private static void requireSegment(String text, int start, int end) {
        int bytes = end - start;
        boolean dots = (bytes == 1 || bytes == 2) && text.startsWith(bytes == 1 ? "." : "..", start);
        if (bytes < 1 || bytes > MAX_SEGMENT_BYTES || dots) {
            throw new IllegalArgumentException("a segment must have 1 to " + MAX_SEGMENT_BYTES
                    + " bytes and not be . or ..: segment=" + text.substring(start, end));
        }
    }

    private static boolean allowed(char c) {
        return c < ALLOWED.length && ALLOWED[c];
    }

    private static boolean[] allowed(String characters) {
        boolean[] allowed = new boolean[128];
        characters.chars().forEach(c -> allowed[c] = true);
        return allowed;
    }
}
