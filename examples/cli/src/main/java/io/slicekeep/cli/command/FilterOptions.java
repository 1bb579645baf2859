package io.slicekeep.cli.command;

import io.slicekeep.cli.tree.DataCopy;
import io.slicekeep.cli.tree.NewFile;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.error.SlicekeepException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Input and output of what turns one stream into another. */
final class FilterOptions {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "What to read; '-' or nothing is standard input.")
    String input = "-";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "What to write; '-' or nothing is standard output.")
    String output = "-";

    @Option(names = "--force", description = "Overwrite a file that exists.")
    boolean force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    boolean quiet;

    /** Turns what is read into what is written. */
    interface Filter {
        /** Reads to the end, writes everything, and completes it. */
        void run(ReadableByteChannel source, WritableByteChannel target, Progress progress) throws IOException;
    }

    /** Refuses what cannot end well, before anybody is asked for a passphrase. */
    void check(Shell shell) throws IOException {
        if (output.equals("-")) {
            GetCommand.refuseTerminal(shell);
        } else if (!force && Files.exists(Path.of(output))) {
            throw new CommandException(ExitCode.EXISTS, output + " exists: --force overwrites it");
        }
        if (!input.equals("-")) {
            checkInput(Path.of(input));
        }
    }

    private static void checkInput(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw CommandException.usage(file + " is a directory: 'slicekeep put' takes those, or seal a tar file");
        }
    }

    void run(Shell shell, String title, Filter filter) throws IOException {
        try {
            convert(shell, title, filter);
        } catch (SlicekeepException e) {
            throw Failure.named(input.equals("-") ? "standard input" : input, e);
        }
    }

    private void convert(Shell shell, String title, Filter filter) throws IOException {
        try (ReadableByteChannel source = source(shell);
                Progress progress = Progress.start(shell, mode(shell), title, length(source))) {
            if (output.equals("-")) {
                filter.run(source, shell.dataOut(), progress);
                return;
            }
            try (NewFile target = NewFile.create(Path.of(output), force)) {
                filter.run(source, target.channel(), progress);
                target.commit();
            }
        }
    }

    /** Copies all there is. */
    static void copy(ReadableByteChannel source, WritableByteChannel target, Progress progress) throws IOException {
        DataCopy.copy(source, target, Long.MAX_VALUE - 1, progress);
    }

    private Progress.Mode mode(Shell shell) {
        return quiet || (output.equals("-") && !shell.terminals().err()) ? Progress.Mode.QUIET : Progress.Mode.SHOWN;
    }

    private ReadableByteChannel source(Shell shell) throws IOException {
        return input.equals("-")
                ? Channels.newChannel(shell.in())
                : FileChannel.open(Path.of(input), StandardOpenOption.READ);
    }

    private static long length(@Nullable ReadableByteChannel source) throws IOException {
        return source instanceof FileChannel file && file.size() > 0 ? file.size() : -1;
    }
}
