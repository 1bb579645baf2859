package io.slicekeep.cli.command;

import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.tree.Transfer;
import io.slicekeep.cli.tree.Transfer.Comparison;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How files are copied, and which. */
final class TransferOptions {
    @Option(
            names = "--checksum",
            description = "Read files whose length and time agree and compare checksums too, to be sure.")
    boolean checksum;

    @Option(names = "--all", description = "Copy files again that are there already.")
    boolean all;

    @Mixin
    PaceOptions pace = new PaceOptions();

    Transfer transfer(ObjectStore objects, Shell shell, Tally tally, Progress progress) throws CommandException {
        if (all && checksum) {
            throw CommandException.usage("give --all or --checksum, not both");
        }
        Comparison comparison = all ? Comparison.NONE : checksum ? Comparison.CHECKSUM : Comparison.TIME;
        return new Transfer(objects, shell, tally, progress, comparison, pace.jobs());
    }

    /** Tells the end of it. */
    ExitCode finish(Shell shell, Tally tally, String verb, Progress progress) {
        progress.finish();
        tally.warnOfShortages();
        if (!pace.quiet) {
            shell.note(tally.summary(verb, progress.elapsedNanos()));
        }
        return tally.exitCode();
    }
}
