package io.slicekeep.cli.command;

import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.tree.Transfer;
import io.slicekeep.cli.tree.Transfer.Comparison;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectStore;
import picocli.CommandLine.Option;

/** How many files are copied, and which. */
final class TransferOptions {
    @Option(
            names = "--checksum",
            description = "Read files whose length and time agree and compare checksums too, to be sure.")
    boolean checksum;

    @Option(names = "--all", description = "Copy files again that are there already.")
    boolean all;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            defaultValue = "4",
            description = "How many files at once (default: ${DEFAULT-VALUE}).")
    int jobs;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress and no summary.")
    boolean quiet;

    Progress.Mode mode() {
        return quiet ? Progress.Mode.QUIET : Progress.Mode.SHOWN;
    }

    Transfer transfer(ObjectStore objects, Shell shell, Tally tally, Progress progress) throws CommandException {
        if (jobs < 1 || jobs > 64) {
            throw CommandException.usage("--jobs must be 1 to 64: " + jobs);
        }
        if (all && checksum) {
            throw CommandException.usage("give --all or --checksum, not both");
        }
        Comparison comparison = all ? Comparison.NONE : checksum ? Comparison.CHECKSUM : Comparison.TIME;
        return new Transfer(objects, shell, tally, progress, comparison, jobs);
    }

    /** Tells the end of it. */
    void summarize(Shell shell, Tally tally, String verb, Progress progress) {
        tally.warnOfShortages();
        if (!quiet) {
            shell.note(tally.summary(verb, progress.elapsedNanos()));
        }
    }
}
