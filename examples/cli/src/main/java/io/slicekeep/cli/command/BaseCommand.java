package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.StderrLoggerFinder;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all commands have. */
abstract class BaseCommand implements Callable<Integer> {
    final Shell shell;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--debug", description = "Show where errors come from, and debug messages.")
    boolean debug;

    BaseCommand(Shell shell) {
        this.shell = shell;
    }

    abstract ExitCode run() throws IOException;

    @Override
    public final Integer call() throws IOException {
        shell.debug(debug);
        StderrLoggerFinder.verbose(debug);
        ExitCode code = run();
        shell.flush();
        return code.number();
    }
}
