package io.slicekeep.cli.command;

import io.slicekeep.Keep;
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
import picocli.CommandLine.Parameters;

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
    @Parameters(paramLabel = "FILE", description = "The keep's file to write.")
    Path keepFile = Path.of("");

    @Option(
            names = "--site",
            paramLabel = "DIRECTORY",
            required = true,
            description = "A site that is at hand; enough of them to read from.")
    List<String> sites = new ArrayList<>();

    @Option(names = "--force", description = "Replace a keep file that exists.")
    boolean force;

    @Mixin
    KeyOptions keys = new KeyOptions();

    AdoptCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        List<Path> directories = sites.stream().map(AdoptCommand::directory).toList();
        try (KeyRing opened = keys.toOpen(shell, "the keep");
                Keep keep = Keep.adopt(keepFile, directories, opened, CreateCommand.existing(force))) {
            shell.print("Wrote " + keepFile + " for keep " + keep.description().keepId() + ".");
            KeepAccess.warnOfSites(shell, keep.description());
        }
        return ExitCode.OK;
    }

    /** Takes both what create takes and a bare directory. */
    private static Path directory(String site) {
        int equals = site.indexOf('=');
        boolean named = equals > 0 && site.lastIndexOf('/', equals) < 0;
        return Path.of(named ? site.substring(equals + 1) : site);
    }
}
