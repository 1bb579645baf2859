package io.slicekeep;

import io.slicekeep.error.SlicekeepException;
import java.nio.file.Path;

/** A keep file that cannot be used: the message names the file, the line, what was found and what is allowed. */
public class KeepFileException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final int line;

    /**
     * Creates the exception.
     *
     * @param file the keep file
     * @param line where in it, from 1; 0 for the file as a whole
     * @param message what was found and what is allowed
     */
    public KeepFileException(Path file, int line, String message) {
        super(file + (line > 0 ? ", line " + line : "") + ": " + message, null);
        this.file = file;
        this.line = line;
    }

    /**
     * Returns which file.
     *
     * @return the path as it was given
     */
    public Path file() {
        return file;
    }

    /**
     * Returns which line.
     *
     * @return from 1; 0 for the file as a whole
     */
    public int line() {
        return line;
    }
}
