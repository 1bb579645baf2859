package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.object.ObjectStore.GarbageReport;
import java.io.IOException;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "gc",
        description = {
            "Give back the space of what was replaced or deleted, and of puts that were killed a week ago or more.",
            "Waits two minutes for those who may still read it, and eight more before a deleted name is forgotten. May be"
                    + " stopped at any time, and may run beside other commands. Ends with 6 if something had to stay, since"
                    + " a site is away or lacks the newer version ('slicekeep repair').",
            ""
        },
        footer = {"", "Example:", "  slicekeep gc -k my.keep"})
final class GcCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    GcCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        try (Keep keep = access.open(shell)) {
            GarbageReport report = keep.objects()
                    .collectGarbage((duration, names) -> shell.note("waiting " + Sizes.time(duration.toNanos())
                            + " for whoever may be at " + Sizes.count(names, "name")));
            shell.print("deleted " + Sizes.count(report.records(), "old record") + " and "
                    + Sizes.count(report.slices(), "old slice") + ", forgot " + Sizes.count(report.purged(), "name"));
            new TreeMap<>(report.pending()).forEach((site, reason) -> shell.warn("site " + site + ": " + reason));
            return report.pending().isEmpty() ? ExitCode.OK : ExitCode.DEGRADED;
        }
    }
}
