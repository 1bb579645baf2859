package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** A blob already stands under the key; keys are never used twice. */
public class BlobExistsException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public BlobExistsException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public BlobExistsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
