package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.dispersal.Departure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "site", description = "List and replace the sites of a keep.")
final class SiteCommand extends BaseCommand {
    @Spec
    @Nullable
    CommandSpec spec;

    private SiteCommand(Shell shell) {
        super(shell);
    }

    static CommandLine build(Shell shell) {
        return new CommandLine(new SiteCommand(shell))
                .addSubcommand("list", new ListSites(shell))
                .addSubcommand("replace", new Replace(shell));
    }

    @Override
    ExitCode run() {
        return spec == null ? ExitCode.INTERNAL : CommandTree.usage(shell, spec.commandLine());
    }

    @Command(
            name = "list",
            description = {"List the sites of a keep and how they stand. No key is needed.", ""},
            footer = {"", "Example:", "  slicekeep site list -k my.keep"})
    static final class ListSites extends BaseCommand {
        @Mixin
        KeepAccess access = new KeepAccess();

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        ListSites(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            KeepDescription keep = Keep.inspect(access.file(shell), KeepOptions.DEFAULT);
            if (json) {
                try (JsonGenerator out = Json.document(shell)) {
                    out.writeStartObject();
                    SiteStates.write(out, keep);
                    out.writeEndObject();
                }
                shell.print("");
            } else {
                SiteStates.print(shell, keep);
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "replace",
            description = {
                "Put another directory in the place of a site, while the keep is in use: everything that the site has, or should"
                        + " have, is brought there. Also the way to drain a site: it serves until the end, and is then left as"
                        + " it is.",
                "It takes at least a minute, for whoever uses the keep has to notice. It may be stopped: the same command goes"
                        + " on, here or elsewhere. One site changes at a time.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  slicekeep site replace -k my.keep c /mnt/new",
                "  slicekeep site replace -k my.keep --lost c /mnt/new     # its disk is gone for good",
                "  slicekeep site replace -k my.keep --give-up c           # keep the old one after all"
            })
    static final class Replace extends BaseCommand {
        private static final long SHOWN_NAMES = 1000;

        @Mixin
        KeepAccess access = new KeepAccess();

        @Option(
                names = "--lost",
                description =
                        "The site is gone for good: what is written from now on does not count on its coming back.")
        boolean lost;

        @Option(names = "--give-up", description = "Keep the site; what its successor holds is not used any more.")
        boolean giveUp;

        @Option(names = "--json", description = "Print the result as JSON.")
        boolean json;

        @Option(
                names = {"-q", "--quiet"},
                description = "Show no progress.")
        boolean quiet;

        @Parameters(index = "0", paramLabel = "NAME", description = "The site.")
        String name = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "DIRECTORY",
                description = "Its successor: empty or missing, on a disk of its own.")
        @Nullable
        Path directory;

        Replace(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            if (giveUp == (directory != null) || (giveUp && lost)) {
                throw CommandException.usage(
                        "give either the DIRECTORY that shall take the site's place, or --give-up");
            }
            try (Keep keep = access.open(shell)) {
                requireKnown(keep.description());
                if (directory == null) {
                    keep.keepSite(name);
                    report(keep, "site " + name + " stays where it is");
                } else {
                    Counted counted = new Counted();
                    keep.replaceSite(name, directory, lost ? Departure.LOST : Departure.SERVING, counted);
                    report(
                            keep,
                            "site " + name + " is " + directory + " now; " + Sizes.count(counted.names.get(), "name")
                                    + " went there");
                }
            }
            return ExitCode.OK;
        }

        private void requireKnown(KeepDescription keep) throws CommandException {
            if (keep.sites().stream().noneMatch(site -> site.name().equals(name))) {
                throw new CommandException(
                        ExitCode.NOT_FOUND,
                        "the keep has no site " + name + "; it has "
                                + keep.sites().stream()
                                        .map(KeepDescription.SiteState::name)
                                        .toList());
            }
        }

        private void report(Keep keep, String done) throws IOException {
            if (!json) {
                shell.print(done);
                return;
            }
            KeepDescription now = keep.description();
            try (JsonGenerator out = Json.document(shell)) {
                out.writeStartObject();
                out.writeNumberField("epoch", now.epoch());
                SiteStates.write(out, now);
                out.writeEndObject();
            }
            shell.print("");
        }

        /** Tells now and then how far it is. */
        private final class Counted implements Keep.ReplacementListener {
            private final AtomicLong names = new AtomicLong();

            @Override
            public void waits(Duration duration) {
                if (!quiet && !duration.isZero()) {
                    shell.note("waiting " + Sizes.time(duration.toNanos()) + " until everybody knows of the new site");
                }
            }

            @Override
            public void copied(long count) {
                names.set(count);
                if (!quiet && count % SHOWN_NAMES == 0) {
                    shell.note(Sizes.count(count, "name") + " at the new site");
                }
            }
        }
    }
}
