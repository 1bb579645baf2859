package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.RepairReport;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "repair",
        description = {
            "Read every slice of every object, and rebuild what is missing or rotten at the sites that can be reached.",
            "Nothing is deleted before the rest was decrypted without it. May be stopped at any time and started again,"
                    + " and may run beside other commands. Ends with 0 if all is whole, 6 if something still lacks, because"
                    + " its site is away or does not take it, 12 or 13 if an object cannot be read.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep repair -k my.keep",
            "  slicekeep repair -k my.keep --dry-run /photos",
            "  slicekeep repair -k my.keep --light         after a site was away: puts what it missed",
        })
final class RepairCommand extends SweepCommand {
    @Option(
            names = {"-n", "--dry-run"},
            description = "Change nothing, as 'slicekeep verify'.")
    boolean dryRun;

    RepairCommand(Shell shell) {
        super(shell, "repaired");
    }

    @Override
    Visit visit(Keep keep, ObjectName object) throws IOException {
        if (dryRun) {
            return Visit.of(keep.objects().inspect(object, depth()));
        }
        RepairReport report = keep.objects().repair(object, depth());
        return new Visit(object, report.info().lengthBytes(), report.pending(), report.mended());
    }
}
