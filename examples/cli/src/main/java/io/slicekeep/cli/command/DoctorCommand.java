package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Checkup;
import io.slicekeep.Finding;
import io.slicekeep.Finding.Level;
import io.slicekeep.Keep;
import io.slicekeep.KeepDescription.SiteState;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Printable;
import io.slicekeep.cli.ui.Secrecy;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.key.KeyRing;
import io.slicekeep.object.ObjectStore.Depth;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Look over a keep, its sites and this machine, each on its own, and say what to do about what is wrong.",
            "Works without any key, and where the keep cannot be opened; with a key (--keystore, --passphrase-file)"
                    + " what the sites say is verified. Looks at the keep's file, which directory is which site,"
                    + " permissions, free space, clocks, and whether each store keeps what a site must. Changes no data:"
                    + " what it tries out at a site is deleted again. Ends with 0 if all is well, 6 if there are warnings,"
                    + " 15 if there are problems.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep doctor -k my.keep",
            "  slicekeep doctor -k my.keep --deep --keystore my.keys      takes up to minutes on slow disks",
            "'slicekeep verify' looks at the data."
        })
final class DoctorCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(
            names = "--deep",
            description = "Also have 16 writers race at each site, 100 times; with a key, note there what was found.")
    boolean deep;

    @Option(names = "--json", description = "Print the findings as JSON.")
    boolean json;

    private final List<Finding> findings = new ArrayList<>();

    DoctorCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        Path file = access.file(shell);
        try (KeyRing keys = keys()) {
            Checkup.run(
                    file, Optional.ofNullable(keys), deep ? Depth.DEEP : Depth.LIGHT, KeepOptions.DEFAULT, this::found);
        }
        inodes(file);
        if (json) {
            printJson();
        } else {
            shell.print(
                    Sizes.count(count(Level.PROBLEM), "problem") + ", " + Sizes.count(count(Level.WARNING), "warning"));
        }
        return count(Level.PROBLEM) > 0 ? ExitCode.PROBLEM : count(Level.WARNING) > 0 ? ExitCode.DEGRADED : ExitCode.OK;
    }

    /** Returns the keys that are named; nobody is asked for a passphrase. */
    private @Nullable KeyRing keys() throws InterruptedIOException {
        try {
            access.keys.secretFiles(shell).forEach(this::requireHidden);
            Optional<KeyRing> named = access.keys.named(shell);
            if (named.isEmpty()) {
                shell.note("no key is given, so what the sites say is not verified (--keystore, --passphrase-file)");
            }
            return named.orElse(null);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            found(new Finding(
                    Level.PROBLEM, "keys", "reading", Failure.of(e).message(), "without a key nobody reads the data"));
            return null;
        }
    }

    private void requireHidden(Path file) {
        Secrecy.breach(file)
                .ifPresent(breach -> found(new Finding(
                        Level.WARNING,
                        "keys",
                        "permissions",
                        breach,
                        Secrecy.remedy(file) + ", and consider changing the passphrase")));
    }

    /** File systems may have room for bytes and none for files, which no other check tells beforehand. */
    private void inodes(Path file) {
        try {
            for (SiteState site : Keep.inspect(file, KeepOptions.DEFAULT).sites()) {
                if (site.away().isEmpty()) {
                    Inodes.of(site.directory()).ifPresent(inodes -> found(inodes.finding("site " + site.name())));
                }
            }
        } catch (IOException e) {
            // It was told already why nothing is known of the sites.
        }
    }

    private void found(Finding finding) {
        findings.add(finding);
        if (json) {
            return;
        }
        String level = finding.level() == Level.PROBLEM ? "PROBLEM" : name(finding.level());
        shell.print(Printable.text(String.format(
                Locale.ROOT, "%-8s %s: %s: %s", level, finding.subject(), finding.check(), finding.message())));
        if (!finding.remedy().isEmpty()) {
            shell.print(Printable.text("         -> " + finding.remedy()));
        }
    }

    private long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static String name(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private void printJson() throws IOException {
        try (JsonGenerator out = Json.document(shell)) {
            out.writeStartObject();
            out.writeNumberField("problems", count(Level.PROBLEM));
            out.writeNumberField("warnings", count(Level.WARNING));
            out.writeArrayFieldStart("findings");
            for (Finding finding : findings) {
                out.writeStartObject();
                out.writeStringField("level", name(finding.level()));
                out.writeStringField("subject", finding.subject());
                out.writeStringField("check", finding.check());
                out.writeStringField("message", finding.message());
                if (!finding.remedy().isEmpty()) {
                    out.writeStringField("remedy", finding.remedy());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        shell.print("");
    }
}
