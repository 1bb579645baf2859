package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.Progress;
import picocli.CommandLine.Option;

/** How many objects are worked on at once, and whether it is shown. */
final class PaceOptions {
    private static final int MOST_JOBS = 64;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            defaultValue = "4",
            description = "How many objects at once (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    boolean quiet;

    int jobs() throws CommandException {
        if (jobs < 1 || jobs > MOST_JOBS) {
            throw CommandException.usage("--jobs must be 1 to " + MOST_JOBS + ": " + jobs);
        }
        return jobs;
    }

    Progress.Mode mode() {
        return quiet ? Progress.Mode.QUIET : Progress.Mode.SHOWN;
    }
}
