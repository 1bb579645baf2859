package io.slicekeep.error;

/** A write was asked to hold a condition that its namespace cannot promise; nothing was written. */
public class ConditionUnsupportedException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which condition, and the remedy
     */
    public ConditionUnsupportedException(String message) {
        super(message, null);
    }
}
