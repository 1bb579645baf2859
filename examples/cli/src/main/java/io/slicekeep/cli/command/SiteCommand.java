package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepOptions;
import io.slicekeep.SitePath;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "site", description = "List, replace, add and remove the sites of a keep.")
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
                .addSubcommand("replace", new Replace(shell))
                .addSubcommand("add", new Add(shell))
                .addSubcommand("remove", new Remove(shell));
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
    static final class Replace extends ChangeCommand {
        @Option(
                names = "--lost",
                description =
                        "The site is gone for good: what is written from now on does not count on its coming back.")
        boolean lost;

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
                requireKnown(keep.description(), name);
                if (directory == null) {
                    keep.giveUpChange(Optional.of(name));
                    report(keep, "site " + name + " stays where it is");
                } else {
                    keep.replaceSite(name, directory, lost ? Departure.LOST : Departure.SERVING, counted);
                    report(keep, "site " + name + " is " + directory + " now");
                }
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "add",
            description = {
                "Make another directory a site of the keep, while it is in use: one parity slice more, so that one site more may be"
                        + " lost. Only what is new is written: what the other sites have stays as it is.",
                "It may be stopped; the same command goes on. One thing changes at a time.",
                ""
            },
            footer = {
                "",
                "Without --profile, 4+2 becomes 4+3. How many sites give everything back (4), 'profile set' changes.",
                "",
                "Examples:",
                "  slicekeep site add -k my.keep g /mnt/g",
                "  slicekeep site add -k my.keep --profile 4+3,f=0 g /mnt/g",
                "  slicekeep site add -k my.keep --give-up g"
            })
    static final class Add extends ChangeCommand {
        @Option(names = "--profile", paramLabel = "PROFILE", description = "The profile then, such as 4+3,f=1.")
        String profile = "";

        @Parameters(index = "0", paramLabel = "NAME", description = "What the site shall be called.")
        String name = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "DIRECTORY",
                description = "Where it is: empty or missing, on a disk of its own.")
        @Nullable
        Path directory;

        Add(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            if (giveUp == (directory != null)) {
                throw CommandException.usage("give either the DIRECTORY that shall become a site, or --give-up");
            }
            requireName(directory);
            try (Keep keep = access.open(shell)) {
                if (directory == null) {
                    keep.giveUpChange(Optional.of(name));
                    report(keep, "site " + name + " is not added");
                } else {
                    keep.addSite(name, directory, next(keep, profile, name), counted);
                    report(
                            keep,
                            "site " + name + " is " + directory + ", the profile "
                                    + keep.description().profile());
                }
            }
            return ExitCode.OK;
        }

        private void requireName(@Nullable Path place) throws CommandException {
            try {
                new SitePath(name, place == null ? Path.of("") : place);
            } catch (IllegalArgumentException e) {
                throw CommandException.usage(e);
            }
        }

        /** Who repeats the command after its end wants what is there. */
        private static Profile next(Keep keep, String given, String name) throws CommandException {
            return next(keep, given, isThere(keep, name) ? 0 : 1);
        }
    }

    @Command(
            name = "remove",
            description = {
                "Take a site out of the keep, while it is in use: one parity slice less, so that one site less may be lost. Nothing"
                        + " is moved: everything is only made whole at the others. The directory is then left as it is.",
                "It may be stopped; the same command goes on. One thing changes at a time.",
                ""
            },
            footer = {
                "",
                "Without --profile, 4+3 becomes 4+2. How many sites give everything back (4), 'profile set' changes.",
                "",
                "Examples:",
                "  slicekeep site remove -k my.keep g",
                "  slicekeep site remove -k my.keep --lost g          # its disk is gone for good",
                "  slicekeep site remove -k my.keep --give-up g       # keep it after all"
            })
    static final class Remove extends ChangeCommand {
        @Option(
                names = "--lost",
                description =
                        "The site is gone for good: what is written from now on does not count on its coming back.")
        boolean lost;

        @Option(names = "--profile", paramLabel = "PROFILE", description = "The profile then, such as 4+2.")
        String profile = "";

        @Parameters(paramLabel = "NAME", description = "The site.")
        String name = "";

        Remove(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            if (giveUp && lost) {
                throw CommandException.usage("a site that is lost cannot be kept: give --lost or --give-up");
            }
            try (Keep keep = access.open(shell)) {
                if (!keep.formerSites().contains(name)) {
                    requireKnown(keep.description(), name);
                }
                if (giveUp) {
                    keep.giveUpChange(Optional.of(name));
                    report(keep, "site " + name + " stays");
                } else {
                    keep.removeSite(name, lost ? Departure.LOST : Departure.SERVING, next(keep), counted);
                    report(
                            keep,
                            "site " + name + " is removed, the profile "
                                    + keep.description().profile());
                }
            }
            return ExitCode.OK;
        }

        private Profile next(Keep keep) throws CommandException {
            if (!isThere(keep, name)) {
                return keep.description().profile();
            }
            Profile next = next(keep, profile, -1);
            if (profile.isEmpty() && next.paritySlices() == 0) {
                throw CommandException.usage(next.dataSlices()
                        + "+0 has no redundancy: if that is meant, give --profile " + next.dataSlices() + "+0");
            }
            return next;
        }
    }
}
