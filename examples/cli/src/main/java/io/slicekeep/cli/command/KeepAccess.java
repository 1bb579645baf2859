package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which keep a command works on, and how it is opened. */
final class KeepAccess {
    @Option(
            names = {"-k", "--keep"},
            paramLabel = "FILE",
            description = "The keep's file (default: $SLICEKEEP_KEEP).")
    @Nullable
    Path keepFile;

    @Mixin
    KeyOptions keys = new KeyOptions();

    /** Returns the keep's file. */
    Path file(Shell shell) throws CommandException {
        Path file = Optional.ofNullable(keepFile)
                .or(() -> shell.variable("SLICEKEEP_KEEP").map(Path::of))
                .orElseThrow(() -> CommandException.usage("which keep? give -k FILE or set SLICEKEEP_KEEP"));
        if (!Files.exists(file)) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "no such keep file: " + file
                            + " ('slicekeep create' makes one, 'slicekeep adopt' rebuilds a lost one)");
        }
        return file;
    }

    /** Opens the keep, and warns of sites that are away. */
    Keep open(Shell shell) throws IOException {
        return open(shell, KeepOptions.DEFAULT);
    }

    /** Opens the keep to run in another way. */
    Keep open(Shell shell, KeepOptions options) throws IOException {
        Path file = file(shell);
        try (KeyRing opened = toOpen(shell, file)) {
            return open(shell, file, opened, options);
        }
    }

    /** Opens the keep with keys that stay open, for changing its keys. */
    static Keep open(Shell shell, Path file, KeyRing opened) throws IOException {
        return open(shell, file, opened, KeepOptions.DEFAULT);
    }

    private static Keep open(Shell shell, Path file, KeyRing opened, KeepOptions options) throws IOException {
        try {
            Keep keep = Keep.open(file, opened, options);
            warnOfSites(shell, keep.description());
            return keep;
        } catch (KeyUnavailableException e) {
            throw Failure.named(file.toString(), e);
        }
    }

    /** Warns of sites that are away, and of what should be done about others. */
    static void warnOfSites(Shell shell, KeepDescription keep) {
        for (KeepDescription.SiteState site : keep.sites()) {
            site.away().ifPresent(reason -> shell.warn("site " + site.name() + " is left out: " + reason));
            site.note().ifPresent(note -> shell.warn("site " + site.name() + ": " + note));
        }
    }

    /** Returns the keys that may open the keep. */
    KeyRing toOpen(Shell shell, Path file) throws IOException {
        return keys.toOpen(shell, file.toString());
    }
}
