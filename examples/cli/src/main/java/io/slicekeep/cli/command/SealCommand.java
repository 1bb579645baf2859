package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.key.KeyRing;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.sealed.SealedWriter;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "seal",
        description = {
            "Encrypt one file or stream, without a keep. 'slicekeep open' opens it again.",
            "The output has room for other keys. It never stands half-written under its name.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep seal letter.pdf -o letter.pdf.sk",
            "  tar c docs | slicekeep seal --passphrase-file pw > docs.tar.sk",
            "  slicekeep seal --keystore my.keys --key photos cat.jpg -o cat.jpg.sk"
        })
final class SealCommand extends BaseCommand {
    @Mixin
    FilterOptions options = new FilterOptions();

    @Mixin
    KeyOptions keys = new KeyOptions();

    SealCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        options.check(shell);
        try (KeyRing ring = keys.toProtect(shell)) {
            options.run(shell, "seal", (source, target, progress) -> {
                try (SealedWriter out = Sealed.writer(target, ring)) {
                    FilterOptions.copy(source, out, progress);
                    out.commit();
                }
            });
        }
        return ExitCode.OK;
    }
}
