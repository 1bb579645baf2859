package io.slicekeep.cli.ui;

import java.io.IOException;

/** A command cannot do what it was asked: the message names the thing and the remedy. */
public final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /**
     * Creates the exception.
     *
     * @param code how the command ends
     * @param message one line for people
     */
    public CommandException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * Creates the exception.
     *
     * @param code how the command ends
     * @param message one line for people
     * @param cause what happened
     */
    public CommandException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Creates the exception for a command line that is wrong.
     *
     * @param message what is wrong and what is right
     * @return the exception
     */
    public static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message);
    }

    /**
     * Creates the exception for a value on the command line that something refuses.
     *
     * @param refusal says why
     * @return the exception
     */
    public static CommandException usage(IllegalArgumentException refusal) {
        return usage(String.valueOf(refusal.getMessage()));
    }

    /**
     * Returns how the command ends.
     *
     * @return the code
     */
    public ExitCode code() {
        return code;
    }
}
