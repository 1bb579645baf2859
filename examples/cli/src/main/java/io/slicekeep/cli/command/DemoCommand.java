package io.slicekeep.cli.command;

import io.slicekeep.cli.demo.Demo;
import io.slicekeep.cli.tree.TreeSize;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "demo",
        description = {
            "Show what a keep does, on real files: put a folder on six sites of which any four give it back, destroy one,"
                    + " let another rot, get everything back and compare it, then lose a third and see it refused.",
            "It works in a temporary directory and removes it at the end.",
            ""
        },
        footer = {"", "Examples:", "  slicekeep demo", "  slicekeep demo ~/Pictures --work /mnt/big/demo --keep-files"})
final class DemoCommand extends BaseCommand {
    /** Slices take half as much again as the input, and what is got back takes as much as it. */
    private static final double SPACE = 2.6;

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "What to put (default: the files of the Java runtime).")
    @Nullable
    Path folder;

    @Option(
            names = "--work",
            paramLabel = "DIRECTORY",
            description = "Where to work; must be empty or missing (default: a temporary directory).")
    @Nullable
    Path chosenWork;

    @Option(names = "--keep-files", description = "Do not remove what was made.")
    boolean keepFiles;

    DemoCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        Path input = (folder == null ? Path.of(System.getProperty("java.home")) : folder).toRealPath();
        if (!Files.isDirectory(input)) {
            throw CommandException.usage(input + " is no folder");
        }
        Path work = work(input);
        try {
            checkSpace(input, work);
            new Demo(shell, input, work).run();
        } finally {
            if (!keepFiles) {
                Demo.cleanUp(work);
            }
        }
        shell.print(keepFiles ? "Everything is in " + work + "." : "Removed " + work + "; --keep-files keeps it.");
        return ExitCode.OK;
    }

    private Path work(Path input) throws IOException {
        Path parent = chosenWork == null ? Path.of(System.getProperty("java.io.tmpdir")) : chosenWork.toAbsolutePath();
        if (parent.normalize().startsWith(input)) {
            throw CommandException.usage(input + " holds " + parent + ": name a --work DIRECTORY outside");
        }
        if (chosenWork == null) {
            return Files.createTempDirectory("slicekeep-demo-");
        }
        Files.createDirectories(chosenWork);
        try (Stream<Path> entries = Files.list(chosenWork)) {
            if (entries.findAny().isPresent()) {
                throw new CommandException(ExitCode.EXISTS, chosenWork + " is not empty: name another directory");
            }
        }
        return chosenWork.toRealPath();
    }

    private static void checkSpace(Path input, Path work) throws IOException {
        long needed = (long) (TreeSize.bytes(List.of(input)) * SPACE) + (16 << 20);
        long usable = work.toFile().getUsableSpace();
        if (usable < needed) {
            throw new CommandException(
                    ExitCode.IO,
                    work + " has " + Sizes.bytes(usable) + " left and " + Sizes.bytes(needed)
                            + " are needed: name a smaller FOLDER, or a larger --work DIRECTORY");
        }
    }
}
