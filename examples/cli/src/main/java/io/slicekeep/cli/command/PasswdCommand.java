package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Passphrases;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "passwd",
        description = {
            "Change a keep's passphrase, or give one to a keep that opens with a keystore.",
            "One small blob per site changes; no data does. Whoever knows the former passphrase and has an old copy of a"
                    + " site can still open that copy.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep passwd -k my.keep",
            "  slicekeep passwd -k my.keep --passphrase-file old --new-passphrase-file new"
        })
final class PasswdCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(
            names = "--new-passphrase-file",
            paramLabel = "FILE",
            description = "Read the new passphrase from a file (default: ask twice).")
    @Nullable
    Path newFile;

    @Option(
            names = "--new-passphrase-fd",
            paramLabel = "N",
            description = "Read the new passphrase from an open descriptor.")
    @Nullable
    Integer newDescriptor;

    PasswdCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        Path file = access.file(shell);
        try (KeyRing keys = access.toOpen(shell, file);
                Keep keep = KeepAccess.open(shell, file, keys);
                KeyRing changed = KeyRing.of(KeyOptions.provider(newPassphrase()))) {
            KeyCommand.report(shell, keep.replaceKeys(changed, Set.of()));
        }
        return ExitCode.OK;
    }

    private char[] newPassphrase() throws IOException {
        if (newFile != null && newDescriptor != null) {
            throw CommandException.usage("give --new-passphrase-file or --new-passphrase-fd, not both");
        }
        if (newFile != null) {
            return Passphrases.ofFile(shell, newFile);
        }
        return newDescriptor == null
                ? Passphrases.askNew("New passphrase")
                : Passphrases.ofDescriptor(shell, newDescriptor);
    }
}
