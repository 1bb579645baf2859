package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.key.KeyRing;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.sealed.SealedReader;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "open",
        description = {
            "Decrypt what 'slicekeep seal' made.",
            "Only verified bytes are ever written. If the input is damaged or cut, what standard output got is a true"
                    + " beginning, the exit status says that it is not all, and a file is not left behind.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep open letter.pdf.sk -o letter.pdf",
            "  slicekeep open --passphrase-file pw < docs.tar.sk | tar x"
        })
final class OpenCommand extends BaseCommand {
    @Mixin
    FilterOptions options = new FilterOptions();

    @Mixin
    KeyOptions keys = new KeyOptions();

    OpenCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        options.check(shell);
        String what = options.input.equals("-") ? "standard input" : options.input;
        try (KeyRing ring = keys.toOpen(shell, what)) {
            options.run(shell, "open", (source, target, progress) -> {
                try (SealedReader in = Sealed.reader(source, ring)) {
                    FilterOptions.copy(in, target, progress);
                }
            });
        }
        return ExitCode.OK;
    }
}
