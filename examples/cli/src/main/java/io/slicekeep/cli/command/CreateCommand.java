package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.KeepSpec;
import io.slicekeep.ProfileWords;
import io.slicekeep.SitePath;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeyUri;
import io.slicekeep.object.NamespaceMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = {
            "Create a keep: n directories that shall fail independently (disks, mounts), a profile, and keys.",
            "FILE will describe it, in a few lines of text without secrets.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep create my.keep --profile 4+2 --passphrase-file pw \\",
            "      --site a=/mnt/a --site b=/mnt/b --site c=/mnt/c \\",
            "      --site d=/mnt/d --site e=/mnt/e --site f=/mnt/f",
            "  slicekeep key create --keystore my.keys --key photos",
            "  slicekeep create my.keep --profile 2+1 --keystore my.keys --key photos \\",
            "      --site a=/mnt/a --site b=/mnt/b --site c=/mnt/c",
            "",
            "'slicekeep profile explain 4+2' says what a profile promises."
        })
final class CreateCommand extends BaseCommand {
    @Mixin
    NewKeepFile file = new NewKeepFile();

    @Option(
            names = "--site",
            paramLabel = "NAME=DIRECTORY",
            required = true,
            description = "A site; once for each slice. The directory must be empty or missing.")
    List<String> sites = new ArrayList<>();

    @Option(
            names = "--profile",
            paramLabel = "K+M",
            description = "Any K of K+M sites rebuild everything (default for six sites: 4+2).")
    @Nullable
    String profile;

    @Option(
            names = "--lease",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "How long a process may go on without asking who the sites are (default: ${DEFAULT-VALUE}). Replacing a"
                            + " site waits twice that; 0 asks at each operation.")
    long leaseSeconds;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "lww",
            description = {
                "How writes of one name take each other's place, for good (default: ${DEFAULT-VALUE}):",
                "lww: the last writer wins.",
                "conditional: put and rm take --if-match and --if-none-match. Each write costs more, and a deleted name"
                        + " leaves a small trace for ever."
            })
    String mode = "lww";

    CreateCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        KeepSpec spec = spec();
        KeepOptions options = file.options();
        try (KeyRing protecting = file.keys.toProtect(shell);
                Keep keep = Keep.create(file.path, spec, protecting, options)) {
            shell.print("Created " + file.path + " with " + spec.profile() + " on " + names(spec.sites()) + ".");
            ProfileWords.explain(spec.profile()).forEach(line -> shell.print("  " + line));
            shell.print("Back up:");
            shell.print(
                    "  " + file.path + " is small and holds no secret; 'slicekeep adopt' rebuilds it if it is lost.");
            protecting.uris().forEach(this::backUp);
            shell.print("  Without a key the data of keep " + keep.description().keepId() + " is lost for good.");
        }
        return ExitCode.OK;
    }

    private void backUp(KeyUri key) {
        String scheme = key.scheme();
        shell.print(
                scheme.equals("passphrase")
                        ? "  The passphrase: write it down where a fire that takes the sites does not take it too."
                        : "  The keystore file that holds " + key + ": whoever has it can read the keep.");
    }

    private KeepSpec spec() throws CommandException {
        try {
            List<SitePath> parsed = sites.stream().map(SitePath::parse).toList();
            return new KeepSpec(profile(parsed.size()), parsed, Duration.ofSeconds(leaseSeconds), mode());
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(e);
        }
    }

    private NamespaceMode mode() throws CommandException {
        for (NamespaceMode known : NamespaceMode.values()) {
            if (known.toString().equals(mode)) {
                return known;
            }
        }
        throw CommandException.usage("--mode must be lww or conditional: " + mode);
    }

    private Profile profile(int siteCount) throws CommandException {
        if (profile != null) {
            return ProfileCommand.parse(profile);
        }
        if (siteCount == 6) {
            return Profile.of(4, 2);
        }
        throw CommandException.usage("--profile K+M is needed, with K+M = " + siteCount + " for as many sites");
    }

    private static String names(List<SitePath> sites) {
        return sites.stream().map(SitePath::name).collect(Collectors.joining(", "));
    }
}
