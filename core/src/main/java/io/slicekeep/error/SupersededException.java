package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** A newer write of the same name was seen before this one could be recorded, so this one was not stored. Write again to have the last word. */
public class SupersededException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public SupersededException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public SupersededException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
