package io.slicekeep.cli.ui;

import java.io.IOException;

/** Standard output cannot be written. Unchecked, because it can happen wherever something is printed. */
public final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean brokenPipe;

    /**
     * Creates the exception.
     *
     * @param cause what the system said
     */
    public OutputException(IOException cause) {
        super("cannot write to standard output: " + cause.getMessage(), cause);
        this.brokenPipe = String.valueOf(cause.getMessage()).contains("Broken pipe");
    }

    /**
     * Returns whether the reader went away, as {@code head} does: no reason to complain.
     *
     * @return true if so
     */
    public boolean brokenPipe() {
        return brokenPipe;
    }
}
