package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Show the version of this program and of what it runs on.")
final class VersionCommand extends BaseCommand {
    VersionCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        shell.print("slicekeep " + (version == null ? "(unpackaged)" : version));
        shell.print("Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return ExitCode.OK;
    }
}
