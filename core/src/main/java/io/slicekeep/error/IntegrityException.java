package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** Bytes are not what was written: a tag, digest, length or order is wrong. Never retryable; the message is the same for every cause of a failed decryption. */
public class IntegrityException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public IntegrityException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public IntegrityException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
