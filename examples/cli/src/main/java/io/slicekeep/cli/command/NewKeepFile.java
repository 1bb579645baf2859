package io.slicekeep.cli.command;

import io.slicekeep.KeepOptions;
import io.slicekeep.KeepOptions.ExistingFile;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The keep file that a command writes, and the keys that open what it describes. */
final class NewKeepFile {
    @Parameters(paramLabel = "FILE", description = "The keep's file to write, such as my.keep.")
    Path path = Path.of("");

    @Option(names = "--force", description = "Replace a keep file that exists; never a site.")
    boolean force;

    @Mixin
    KeyOptions keys = new KeyOptions();

    /** Returns how to write it; refuses what is in the way before anybody is asked for a passphrase. */
    KeepOptions options() throws CommandException {
        if (!force && Files.exists(path)) {
            throw new CommandException(ExitCode.EXISTS, path + " exists: --force replaces it");
        }
        return KeepOptions.DEFAULT.withExistingFile(force ? ExistingFile.REPLACE : ExistingFile.REFUSE);
    }
}
