package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** A store holds no blob under the key. */
public class BlobNotFoundException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public BlobNotFoundException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public BlobNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
