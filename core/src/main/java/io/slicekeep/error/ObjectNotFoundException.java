package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** A namespace holds no object of the name. */
public class ObjectNotFoundException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public ObjectNotFoundException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public ObjectNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
