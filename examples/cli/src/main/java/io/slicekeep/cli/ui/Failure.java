package io.slicekeep.cli.ui;

import io.slicekeep.KeepFileException;
import io.slicekeep.SetupException;
import io.slicekeep.error.ConditionUnsupportedException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OccupiedException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.PreconditionFailedException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.error.SupersededException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * What went wrong, as people and scripts are told.
 *
 * @param code how the command ends
 * @param message one line that names the thing and the remedy
 */
public record Failure(ExitCode code, String message) {
    /**
     * Explains an exception.
     *
     * @param thrown by a command
     * @return its code and message
     */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof CommandException e) {
            return new Failure(e.code(), text(e));
        }
        if (thrown instanceof UncheckedIOException e && e.getCause() != null) {
            return of(e.getCause());
        }
        if (thrown instanceof OutputException e) {
            return new Failure(e.brokenPipe() ? ExitCode.BROKEN_PIPE : ExitCode.IO, text(e));
        }
        if (thrown instanceof InterruptedIOException || thrown instanceof ClosedByInterruptException) {
            return new Failure(ExitCode.INTERRUPTED, "interrupted");
        }
        if (thrown instanceof OutOfMemoryError) {
            return new Failure(ExitCode.IO, "out of memory: give more, as in SLICEKEEP_JAVA_OPTS=-Xmx512m");
        }
        if (thrown instanceof FileSystemException e) {
            return ofFile(e);
        }
        return thrown instanceof java.io.IOException ? ofLibrary(thrown) : internal(thrown);
    }

    private static Failure ofLibrary(Throwable thrown) {
        if (thrown instanceof KeepFileException || thrown instanceof SetupException) {
            return new Failure(ExitCode.USAGE, text(thrown));
        }
        if (thrown instanceof ObjectNotFoundException) {
            return new Failure(ExitCode.NOT_FOUND, text(thrown) + " ('slicekeep ls' shows what there is)");
        }
        if (thrown instanceof PreconditionFailedException) {
            return new Failure(ExitCode.PRECONDITION, text(thrown));
        }
        if (thrown instanceof ConditionUnsupportedException) {
            return new Failure(ExitCode.USAGE, text(thrown));
        }
        if (thrown instanceof TooFewSlicesException e) {
            return new Failure(ExitCode.TOO_FEW_SLICES, text(e));
        }
        if (thrown instanceof IntegrityException) {
            return new Failure(ExitCode.INTEGRITY, text(thrown));
        }
        if (thrown instanceof FormatException e) {
            return new Failure(ExitCode.FORMAT, text(e) + remedy(e.kind()));
        }
        if (thrown instanceof KeyUnavailableException e) {
            return new Failure(ExitCode.KEY, text(e));
        }
        if (thrown instanceof OccupiedException) {
            return new Failure(ExitCode.EXISTS, text(thrown));
        }
        if (thrown instanceof UnavailableException) {
            return new Failure(ExitCode.UNAVAILABLE, text(thrown));
        }
        if (thrown instanceof OutcomeUnknownException || thrown instanceof SupersededException) {
            return new Failure(ExitCode.UNKNOWN, text(thrown));
        }
        return new Failure(ExitCode.IO, text(thrown));
    }

    private static String remedy(FormatException.Kind kind) {
        return switch (kind) {
            case NOT_OURS -> "";
            case TOO_NEW -> " (update slicekeep to read it)";
            case CORRUPT -> " (restore it from a copy)";
        };
    }

    private static Failure ofFile(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return new Failure(ExitCode.NOT_FOUND, "no such file or directory: " + e.getFile());
        }
        if (e instanceof FileAlreadyExistsException) {
            return new Failure(ExitCode.EXISTS, "already exists: " + e.getFile());
        }
        if (e instanceof AccessDeniedException) {
            return new Failure(ExitCode.IO, "permission denied: " + e.getFile());
        }
        if (e instanceof NotDirectoryException) {
            return new Failure(ExitCode.IO, "not a directory: " + e.getFile());
        }
        if (e instanceof DirectoryNotEmptyException) {
            return new Failure(ExitCode.EXISTS, "directory not empty: " + e.getFile());
        }
        return new Failure(ExitCode.IO, text(e));
    }

    private static Failure internal(Throwable thrown) {
        return new Failure(ExitCode.INTERNAL, "internal error: " + thrown + " (--debug shows where)");
    }

    /** Leaves out which blob it was: its key says nothing to people, who are told the object's name. */
    private static String text(TooFewSlicesException e) {
        return "too few slices: needed " + e.needed() + ", found " + e.found() + "; missing at "
                + String.join("; ", e.missing()) + " (bring back enough of these sites, then try again)";
    }

    /**
     * Returns an exception that also names what could not be read or written.
     *
     * @param name a file or an object
     * @param thrown why
     * @return the exception to throw instead
     */
    public static CommandException named(String name, SlicekeepException thrown) {
        Failure failure = of(thrown);
        String message = failure.message();
        return new CommandException(failure.code(), message.contains(name) ? message : name + ": " + message, thrown);
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }
}
