package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.ProfileWords;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.dispersal.Profile;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "profile",
        description = "Explain what a profile such as 4+2 promises and costs; change that of a keep.")
final class ProfileCommand extends BaseCommand {
    @Spec
    @Nullable
    CommandSpec spec;

    private ProfileCommand(Shell shell) {
        super(shell);
    }

    static CommandLine build(Shell shell) {
        return new CommandLine(new ProfileCommand(shell))
                .addSubcommand("explain", new Explain(shell))
                .addSubcommand("set", new SetProfile(shell));
    }

    /** Parses a profile that a user typed. */
    static Profile parse(String text) throws CommandException {
        try {
            return Profile.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(e);
        }
    }

    @Override
    ExitCode run() {
        return spec == null ? ExitCode.INTERNAL : CommandTree.usage(shell, spec.commandLine());
    }

    @Command(
            name = "explain",
            description = "Say in words how many sites may be lost or away, and what it costs.",
            footer = {
                "",
                "A profile is K+M, where any K of K+M sites rebuild everything; f=F and away=A may follow: how many",
                "faults to survive between two repairs, and how many sites may be away while writing.",
                "",
                "Examples:",
                "  slicekeep profile explain 4+2",
                "  slicekeep profile explain 10+6,f=1,away=3"
            })
    static final class Explain extends BaseCommand {
        @Parameters(paramLabel = "PROFILE", description = "Such as 4+2.")
        String profile = "";

        Explain(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws CommandException {
            Profile parsed = parse(profile);
            shell.print("Profile " + parsed + ":");
            ProfileWords.explain(parsed).forEach(line -> shell.print("  " + line));
            return ExitCode.OK;
        }
    }

    @Command(
            name = "set",
            description = {
                "Change the profile of the same sites, while the keep is in use: how many faults are survived between two repairs, how"
                        + " many sites may be away while writing, or how many give everything back.",
                "The last slices all objects anew, so that they take up room twice until 'gc' is run afterwards; it cannot be given up"
                        + " but only changed back.",
                "It may be stopped; the same command goes on. One thing changes at a time.",
                ""
            },
            footer = {
                "",
                "To change how many sites there are, add or remove one ('slicekeep site').",
                "",
                "Examples:",
                "  slicekeep profile set -k my.keep 4+2,f=1",
                "  slicekeep profile set -k my.keep 3+3",
                "  slicekeep profile set -k my.keep --give-up"
            })
    static final class SetProfile extends ChangeCommand {
        @Parameters(arity = "0..1", paramLabel = "PROFILE", description = "Such as 4+2,f=1.")
        String profile = "";

        SetProfile(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            if (giveUp != profile.isEmpty()) {
                throw CommandException.usage("give either the PROFILE, or --give-up");
            }
            try (Keep keep = access.open(shell)) {
                if (giveUp) {
                    keep.giveUpChange(Optional.empty());
                } else {
                    keep.changeProfile(parse(profile), counted);
                }
                report(keep, "the profile is " + keep.description().profile());
            }
            return ExitCode.OK;
        }
    }
}
