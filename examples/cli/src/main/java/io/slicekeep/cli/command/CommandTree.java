package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.OutputException;
import io.slicekeep.cli.ui.Shell;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, and how a command line is run. */
public final class CommandTree {
    /** In the order of the help. */
    private static final List<String> NAMES = List.of(
            "create",
            "adopt",
            "show",
            "put",
            "get",
            "ls",
            "stat",
            "rm",
            "verify",
            "repair",
            "scrub",
            "gc",
            "doctor",
            "site",
            "seal",
            "open",
            "key",
            "passwd",
            "profile",
            "demo",
            "completion",
            "version");

    private CommandTree() {}

    /**
     * Runs a command line.
     *
     * @param shell its streams and environment
     * @param args as typed
     * @return the exit status
     */
    public static int execute(Shell shell, String... args) {
        try {
            int status = build(shell, args).execute(args);
            shell.flush();
            return status;
        } catch (OutputException e) {
            return report(shell, e);
        }
    }

    /** Builds the commands that this line needs: all of them only where it names none, since each one takes time. */
    static CommandLine build(Shell shell, String... args) {
        CommandLine line = new CommandLine(new RootCommand(shell));
        boolean named = args.length > 0 && NAMES.contains(args[0]) && !args[0].equals("completion");
        for (String name : named ? List.of(args[0]) : NAMES) {
            line.addSubcommand(name, command(name, shell));
        }
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(ExitCode.table());
        line.setOut(shell.text());
        line.setColorScheme(Help.defaultColorScheme(
                shell.terminals().out() && shell.variable("NO_COLOR").isEmpty() ? Help.Ansi.ON : Help.Ansi.OFF));
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler((e, given) -> reportUsage(shell, e));
        line.setExecutionExceptionHandler((e, failed, given) -> report(shell, e));
        return line;
    }

    private static Object command(String name, Shell shell) {
        return switch (name) {
            case "create" -> new CreateCommand(shell);
            case "adopt" -> new AdoptCommand(shell);
            case "show" -> new ShowCommand(shell);
            case "put" -> new PutCommand(shell);
            case "get" -> new GetCommand(shell);
            case "ls" -> new LsCommand(shell);
            case "stat" -> new StatCommand(shell);
            case "rm" -> new RmCommand(shell);
            case "verify" -> new VerifyCommand(shell);
            case "repair" -> new RepairCommand(shell);
            case "site" -> SiteCommand.build(shell);
            case "scrub" -> new ScrubCommand(shell);
            case "gc" -> new GcCommand(shell);
            case "doctor" -> new DoctorCommand(shell);
            case "seal" -> new SealCommand(shell);
            case "open" -> new OpenCommand(shell);
            case "key" -> KeyCommand.build(shell);
            case "passwd" -> new PasswdCommand(shell);
            case "profile" -> ProfileCommand.build(shell);
            case "demo" -> new DemoCommand(shell);
            case "completion" -> new CompletionCommand(shell);
            case "version" -> new VersionCommand(shell);
            default -> throw new IllegalArgumentException("no such command: name=" + name);
        };
    }

    private static int report(Shell shell, Exception thrown) {
        Failure failure = Failure.of(thrown);
        if (failure.code() != ExitCode.BROKEN_PIPE) {
            shell.error(failure.message());
            shell.trace(thrown);
        }
        return failure.code().number();
    }

    private static int reportUsage(Shell shell, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        shell.error(e.getMessage() + suggestion(e) + " ('" + command + " --help' shows how)");
        return ExitCode.USAGE.number();
    }

    private static String suggestion(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> similar = unmatched.getSuggestions();
            return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
        }
        return "";
    }

    /** Prints the help of the command that holds others, when none of them is named. */
    static ExitCode usage(Shell shell, CommandLine line) {
        line.usage(shell.err());
        shell.error("name a command");
        return ExitCode.USAGE;
    }
}
