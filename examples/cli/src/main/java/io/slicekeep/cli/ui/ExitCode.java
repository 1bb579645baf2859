package io.slicekeep.cli.ui;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a command ends. The numbers are stable: scripts test them. When several files of one run fail for different reasons,
 * the code is that of the reason that stands last here.
 */
public enum ExitCode {
    /** All was done. */
    OK(0, "All was done."),
    /** Slicekeep is at fault. */
    INTERNAL(1, "Internal error: please report it, with the output of --debug."),
    /** The command line is wrong. */
    USAGE(2, "The command line or the keep file is wrong."),
    /** Something is missing. */
    NOT_FOUND(3, "No such file, keep or object."),
    /** Something is in the way. */
    EXISTS(4, "Something is in the way that must not be overwritten (--force)."),
    /** A file changed under way. */
    CHANGED(5, "A file changed while it was read, and was left out."),
    /** Whole, but with less redundancy than it should have. */
    DEGRADED(6, "verify, repair, scrub, put --settled: some copies are missing or rotten. doctor: warnings."),
    /** Reading or writing failed. */
    IO(7, "Input or output failed: disk full, permission, unreadable file."),
    /** Too few sites. */
    UNAVAILABLE(8, "Too few sites answer; nothing is lost."),
    /** A write may or may not have happened. */
    UNKNOWN(9, "A write may or may not have taken place: look, or put again."),
    /** No key. */
    KEY(10, "No key opens it: wrong passphrase, missing key file."),
    /** Not ours, too new or corrupt. */
    FORMAT(11, "Not a Slicekeep file, written by a newer version, or damaged."),
    /** Fewer than k slices. */
    TOO_FEW_SLICES(12, "Too few slices remain to rebuild an object."),
    /** Not what was written. */
    INTEGRITY(13, "Data is not what was written."),
    /** A condition did not hold. */
    PRECONDITION(14, "put, rm: --if-match or --if-none-match did not hold, so nothing was changed."),
    /** Something that must be mended. */
    PROBLEM(15, "doctor: something does not work, or data is at risk."),
    /** Ctrl-C. */
    INTERRUPTED(130, "Interrupted by Ctrl-C."),
    /** The reader of our output went away. */
    BROKEN_PIPE(141, "The reader of standard output went away.");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /**
     * Returns the process's exit status.
     *
     * @return 0 to 255
     */
    public int number() {
        return number;
    }

    /**
     * Returns the code that tells more of two.
     *
     * @param other another
     * @return the one declared last
     */
    public ExitCode worse(ExitCode other) {
        return other.compareTo(this) > 0 ? other : this;
    }

    /**
     * Returns the table that {@code slicekeep --help} prints.
     *
     * @return number to meaning
     */
    public static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        for (ExitCode code : values()) {
            table.put(String.valueOf(code.number), code.meaning);
        }
        return table;
    }
}
