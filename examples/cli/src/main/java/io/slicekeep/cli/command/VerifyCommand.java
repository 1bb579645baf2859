package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectName;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        description = {
            "Read every slice of every object, check every checksum, decrypt, and tell what is missing or rotten.",
            "Changes nothing ('slicekeep repair' does). Ends with 0 if all is whole, 6 if all can be read but something"
                    + " must be repaired, 12 or 13 if an object cannot be read.",
            ""
        },
        footer = {"", "Examples:", "  slicekeep verify -k my.keep", "  slicekeep verify -k my.keep --light /photos"})
final class VerifyCommand extends SweepCommand {
    VerifyCommand(Shell shell) {
        super(shell, "verified");
    }

    @Override
    Visit visit(Keep keep, ObjectName object) throws IOException {
        return Visit.of(keep.objects().inspect(object, depth()));
    }
}
