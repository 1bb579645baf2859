package io.slicekeep;

import io.slicekeep.error.SlicekeepException;
import java.util.List;

/** A keep cannot be created, adopted or opened as asked, for reasons that its owner can mend; the message says how. */
public class SetupException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Creates the exception.
     *
     * @param message what cannot be done
     * @param problems why, one line each, and the remedy
     */
    public SetupException(String message, List<String> problems) {
        super(problems.isEmpty() ? message : message + ": " + String.join("; ", problems), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * Returns the reasons one by one.
     *
     * @return one line each
     */
    public List<String> problems() {
        return problems;
    }
}
