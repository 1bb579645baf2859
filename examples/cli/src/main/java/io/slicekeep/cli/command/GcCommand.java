package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.object.ObjectStore.GarbageReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "gc",
        description = {
            "Give back the space of what was replaced or deleted, and of puts that were killed a week ago or more.",
            "Waits two minutes for those who may still read it, and eight more before a deleted name is forgotten. May"
                    + " be stopped at any time, and may run beside other commands. Ends with 6 if something had to stay,"
                    + " since a site is away or lacks the newer version ('slicekeep repair').",
            ""
        },
        footer = {"", "Examples:", "  slicekeep gc -k my.keep", "  slicekeep gc -k my.keep --dry-run --json"})
final class GcCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Delete nothing and wait for nobody; tell what could go now.")
    boolean dryRun;

    @Option(names = "--json", description = "Print the report as JSON.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not tell of waits.")
    boolean quiet;

    GcCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        try (Keep keep = access.open(shell)) {
            GarbageReport report =
                    dryRun ? keep.objects().previewGarbage() : keep.objects().collectGarbage(this::waits);
            if (json) {
                printJson(report);
            } else {
                print(report);
            }
            new TreeMap<>(report.pending()).forEach((site, reason) -> shell.warn("site " + site + ": " + reason));
            return report.pending().isEmpty() ? ExitCode.OK : ExitCode.DEGRADED;
        }
    }

    private void waits(Duration duration, int names) {
        if (!quiet) {
            shell.note("waiting " + Sizes.time(duration.toNanos()) + " for whoever may be at "
                    + Sizes.count(names, "name"));
        }
    }

    private void print(GarbageReport report) {
        shell.print((dryRun ? "would delete " : "deleted ") + Sizes.count(report.records(), "old record") + " and "
                + Sizes.count(report.slices(), "old slice") + (dryRun ? ", and forget " : ", forgot ")
                + Sizes.count(report.purged(), "name"));
    }

    private void printJson(GarbageReport report) throws IOException {
        try (JsonGenerator out = Json.document(shell)) {
            out.writeStartObject();
            out.writeBooleanField("dryRun", dryRun);
            out.writeNumberField("records", report.records());
            out.writeNumberField("slices", report.slices());
            out.writeNumberField("purged", report.purged());
            out.writeObjectFieldStart("pending");
            for (Map.Entry<String, String> site : new TreeMap<>(report.pending()).entrySet()) {
                out.writeStringField(site.getKey(), site.getValue());
            }
            out.writeEndObject();
            out.writeEndObject();
        }
        shell.print("");
    }
}
