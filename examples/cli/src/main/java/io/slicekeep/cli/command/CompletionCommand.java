package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Print a script that completes commands and options in bash and zsh.",
        footer = {"", "Try it:", "  source <(slicekeep completion)"})
final class CompletionCommand extends BaseCommand {
    @Spec
    @Nullable
    CommandSpec spec;

    CompletionCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() {
        if (spec == null) {
            return ExitCode.INTERNAL;
        }
        shell.print(AutoComplete.bash("slicekeep", spec.root().commandLine()));
        return ExitCode.OK;
    }
}
