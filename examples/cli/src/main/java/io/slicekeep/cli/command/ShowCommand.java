package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.key.KeySlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = {
            "Show a keep: its profile, its keys and how its sites stand.",
            "No key is needed; with --verify it is opened, so that what is shown is proven.",
            ""
        },
        footer = {"", "Example:", "  slicekeep show -k my.keep"})
final class ShowCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "--verify", description = "Open the keep, which takes a key.")
    boolean verify;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    ShowCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        KeepDescription keep = describe(access.file(shell));
        if (json) {
            printJson(keep);
        } else {
            print(keep);
        }
        return ExitCode.OK;
    }

    private KeepDescription describe(Path file) throws IOException {
        if (!verify) {
            return Keep.inspect(file, KeepOptions.DEFAULT);
        }
        try (Keep keep = access.open(shell)) {
            return keep.description();
        }
    }

    private void print(KeepDescription keep) {
        shell.print("Keep " + keep.keepId() + (keep.verified() ? "" : " (as its sites say; --verify proves it)"));
        shell.print("Profile " + keep.profile() + ", mode " + keep.mode() + ", epoch " + keep.epoch()
                + ", keys of generation " + keep.keysGeneration());
        for (KeySlot slot : keep.slots()) {
            shell.print("Opens with " + slot.uri());
        }
        shell.print(access(keep));
        SiteStates.print(shell, keep);
    }

    private static String access(KeepDescription keep) {
        return switch (keep.access()) {
            case COMPLETE -> "All sites are there.";
            case DEGRADED -> "Some sites are away: reads and writes work, with less redundancy.";
            case POSSIBLY_STALE -> "Too few sites are there to write; what is read may be stale.";
            case NONE -> "Too few sites are there to read anything.";
        };
    }

    private void printJson(KeepDescription keep) throws IOException {
        try (JsonGenerator out = Json.document(shell)) {
            out.writeStartObject();
            out.writeStringField("keep", keep.keepId());
            out.writeStringField("file", keep.keepFile().toString());
            out.writeBooleanField("verified", keep.verified());
            out.writeNumberField("epoch", keep.epoch());
            out.writeStringField("profile", keep.profile().toString());
            out.writeStringField("mode", keep.mode().toString());
            out.writeStringField("access", keep.access().name().toLowerCase(Locale.ROOT));
            out.writeNumberField("keysGeneration", keep.keysGeneration());
            out.writeArrayFieldStart("keys");
            for (KeySlot slot : keep.slots()) {
                out.writeString(slot.uri().value());
            }
            out.writeEndArray();
            SiteStates.write(out, keep);
            out.writeEndObject();
        }
        shell.print("");
    }
}
