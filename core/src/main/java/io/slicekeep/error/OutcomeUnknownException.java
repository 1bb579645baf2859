package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** A write may or may not have taken effect; a later read tells. Only a lost connection, a deadline or an interruption in the middle of a write leads here. */
public class OutcomeUnknownException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     */
    public OutcomeUnknownException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
