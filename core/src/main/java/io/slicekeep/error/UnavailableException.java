package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** Too few sites answered for what was asked. Nothing was decided, so trying again later is right. */
public class UnavailableException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public UnavailableException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
