package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "slicekeep",
        description = {
            "Keeps files sealed, sliced and dispersed: encrypted, then cut so that any k of n sites give them back and"
                    + " no site alone holds enough, nor a key.",
            ""
        },
        commandListHeading = "%nCommands ('slicekeep COMMAND --help' explains one):%n",
        footer = {
            "",
            "A first keep on six disks, two of which may be lost:",
            "  slicekeep create my.keep --profile 4+2 --site a=/mnt/a --site b=/mnt/b --site c=/mnt/c \\",
            "            --site d=/mnt/d --site e=/mnt/e --site f=/mnt/f",
            "  export SLICEKEEP_KEEP=my.keep",
            "  slicekeep put ~/Pictures /photos",
            "  slicekeep ls -l /photos",
            "  slicekeep get /photos restored",
            "",
            "Environment: SLICEKEEP_KEEP (stands for -k), SLICEKEEP_PASSPHRASE_FILE, SLICEKEEP_KEYSTORE,",
            "SLICEKEEP_JAVA_OPTS (options for the JVM), NO_COLOR."
        })
final class RootCommand extends BaseCommand {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = {"-V", "--version"},
            description = "Show the version.")
    boolean version;

    RootCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() {
        if (version) {
            return new VersionCommand(shell).run();
        }
        return spec == null ? ExitCode.INTERNAL : CommandTree.usage(shell, spec.commandLine());
    }
}
