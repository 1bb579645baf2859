package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "adopt",
        description = {
            "Rebuild a keep's file from its sites, when the file was lost or the sites moved.",
            "Each site knows which one it is, so their order does not matter; a name before '=' may be left out.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  slicekeep adopt my.keep --site /mnt/a --site /mnt/b --site /mnt/c --site /mnt/d --site /mnt/e"
        })
final class AdoptCommand extends BaseCommand {
    @Mixin
    NewKeepFile file = new NewKeepFile();

    @Option(
            names = "--site",
            paramLabel = "DIRECTORY",
            required = true,
            description = "A site that is at hand; enough of them to read from.")
    List<String> sites = new ArrayList<>();

    AdoptCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        KeepOptions options = file.options();
        List<Path> directories = sites.stream().map(AdoptCommand::directory).toList();
        try (KeyRing opened = file.keys.toOpen(shell, "the keep");
                Keep keep = Keep.adopt(file.path, directories, opened, options)) {
            shell.print("Wrote " + file.path + " for keep " + keep.description().keepId() + ".");
            KeepAccess.warnOfSites(shell, keep.description());
            warnOfOthers(keep.description(), directories);
        }
        return ExitCode.OK;
    }

    /** Warns of directories that came to nothing. */
    private void warnOfOthers(KeepDescription keep, List<Path> directories) {
        for (Path directory : directories) {
            Path given = directory.toAbsolutePath().normalize();
            if (keep.sites().stream().noneMatch(site -> site.away().isEmpty() && given.equals(site.directory()))) {
                shell.warn(directory + " is left out: it is no site of this keep that can be used");
            }
        }
    }

    /** Takes both what create takes and a bare directory. */
    private static Path directory(String site) {
        int equals = site.indexOf('=');
        boolean named = equals > 0 && site.lastIndexOf('/', equals) < 0;
        return Path.of(named ? site.substring(equals + 1) : site);
    }
}
