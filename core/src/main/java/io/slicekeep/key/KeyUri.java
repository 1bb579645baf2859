package io.slicekeep.key;

/**
 * Names a wrapping key: {@code passphrase:}, {@code local:photos}. It stands in stored slots and in the keep file, and is
 * compared with the configured providers' before any of them is asked. Immutable.
 *
 * @param value 1 to 512 printable ASCII characters without space: a scheme, a colon, the rest
 */
public record KeyUri(String value) {
    /** The longest URI, in bytes. */
    public static final int MAX_BYTES = 512;

    /** Checks the form. */
    public KeyUri {
        boolean printable = value.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (value.length() > MAX_BYTES || value.indexOf(':') < 1 || !printable) {
            throw new IllegalArgumentException(
                    "a key URI must be scheme:rest in at most " + MAX_BYTES + " printable ASCII characters: uri="
                            + (printable && value.length() <= MAX_BYTES ? value : "(not shown)"));
        }
    }

    /**
     * Returns what stands before the colon.
     *
     * @return the scheme
     */
    public String scheme() {
        return value.substring(0, value.indexOf(':'));
    }

    @Override
    public String toString() {
        return value;
    }
}
