package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** Bytes that cannot be read as the format they should be in. {@link #kind()} tells the three cases apart. */
public class FormatException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /** Why the bytes cannot be read. */
    public enum Kind {
        /** They do not begin like anything Slicekeep writes. */
        NOT_OURS,
        /** They are Slicekeep's, of a version, suite or flag that this release does not know. */
        TOO_NEW,
        /** They are Slicekeep's, and damaged. */
        CORRUPT
    }

    private final Kind kind;

    /**
     * Creates the exception.
     *
     * @param kind which of the three cases
     * @param message what was read, what was found and what is supported
     */
    public FormatException(Kind kind, String message) {
        this(kind, message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param kind which of the three cases
     * @param message what was read, what was found and what is supported
     * @param cause what lies beneath, or null
     */
    public FormatException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /**
     * Returns which of the three cases this is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }
}
