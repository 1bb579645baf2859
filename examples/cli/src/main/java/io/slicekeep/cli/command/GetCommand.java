package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.cli.tree.DataCopy;
import io.slicekeep.cli.tree.GetTree;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.tree.Lookup;
import io.slicekeep.cli.tree.NewFile;
import io.slicekeep.cli.tree.ObjectCursor;
import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.ui.ByteRange;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.Source;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = {
            "Get objects and folders out of a keep.",
            "One NAME becomes TARGET; several go into it, each under its own name, and so does one if TARGET ends with a"
                    + " slash. '-' is standard output, for one object.",
            "A file appears under its name only when it is whole. Files that are there already with the same length and"
                    + " time are left out, so that an interrupted get goes on; ones that differ are kept unless --force is"
                    + " given. Nothing is ever written outside TARGET.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep get -k my.keep /photos restored          # /photos/cat.jpg becomes restored/cat.jpg",
            "  slicekeep get -k my.keep /photos/cat.jpg .",
            "  slicekeep get -k my.keep /backup/db.sql - | psql db",
            "  slicekeep get -k my.keep --range 0-1023 /photos/cat.jpg - | file -"
        })
final class GetCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Mixin
    TransferOptions options = new TransferOptions();

    @Option(
            names = "--range",
            paramLabel = "FIRST-LAST",
            description = "Only these bytes of one object: 0-99 the first hundred, 100- all from there, -100 the last.")
    @Nullable
    String range;

    @Option(names = "--force", description = "Overwrite files that differ.")
    boolean force;

    @Parameters(
            arity = "2..*",
            paramLabel = "NAME... TARGET",
            hideParamSyntax = true,
            description = "Names in the keep, then a file or folder.")
    List<String> operands = new ArrayList<>();

    GetCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        String target = operands.get(operands.size() - 1);
        List<KeepPath> names = new ArrayList<>();
        for (String name : operands.subList(0, operands.size() - 1)) {
            names.add(KeepPath.parse(name));
        }
        if (target.equals("-")) {
            requireOne(names);
            refuseTerminal(shell);
            return getBytes(names.get(0), null);
        }
        if (range != null) {
            requireOne(names);
            return getBytes(names.get(0), Path.of(target));
        }
        return getFiles(names, target);
    }

    static void refuseTerminal(Shell shell) throws CommandException {
        if (shell.terminals().out()) {
            throw CommandException.usage(
                    "bytes are not written to a terminal: pipe them on, as in '| less', or to a file");
        }
    }

    private ExitCode getBytes(KeepPath name, @Nullable Path file) throws IOException {
        try (Keep keep = access.open(shell)) {
            try {
                getBytes(keep, name, file);
            } catch (ObjectNotFoundException e) {
                found(keep, name);
                throw CommandException.usage(name + " is a folder: standard output and --range take one object");
            } catch (SlicekeepException e) {
                throw Failure.named(name.toString(), e);
            }
        }
        return ExitCode.OK;
    }

    private void getBytes(Keep keep, KeepPath name, @Nullable Path file) throws IOException {
        try (Source source = keep.objects().open(name.object(), Freshness.POSSIBLY_STALE);
                Progress progress = Progress.start(shell, options.pace.mode(), "get", -1)) {
            if (!source.info().proven()) {
                shell.warn("too few sites answer with good copies to be sure that this is the newest " + name);
            }
            ByteRange part = ByteRange.parse(range == null ? "0-" : range, source.length());
            if (file == null) {
                copy(source, part, shell.dataOut(), progress);
            } else {
                try (NewFile target = NewFile.create(file, force)) {
                    copy(source, part, target.channel(), progress);
                    target.commit();
                }
            }
        }
    }

    private static void copy(Source source, ByteRange part, WritableByteChannel target, Progress progress)
            throws IOException {
        DataCopy.copy(source, part.offset(), part.bytes(), target, progress);
    }

    private ExitCode getFiles(List<KeepPath> names, String target) throws IOException {
        Path path = Path.of(target);
        boolean into = names.size() > 1 || target.endsWith("/");
        Tally tally = new Tally(shell);
        try (Keep keep = access.open(shell);
                Progress progress = Progress.start(shell, options.pace.mode(), "get", totalBytes(keep, names))) {
            GetTree tree = new GetTree(options.transfer(keep.objects(), shell, tally, progress), force);
            for (KeepPath name : names) {
                get(keep, tree, name, into ? GetTree.within(path, name) : path);
            }
            return options.finish(shell, tally, "got", progress);
        }
    }

    private static void get(Keep keep, GetTree tree, KeepPath name, Path path) throws IOException {
        Lookup found = found(keep, name);
        if (found.object().isPresent()) {
            ObjectEntry entry = found.object().get();
            tree.getObject(entry, Files.isDirectory(path) ? GetTree.within(path, name) : path);
        } else {
            tree.getFolder(name, path);
        }
    }

    private static Lookup found(Keep keep, KeepPath name) throws IOException {
        Lookup found = Lookup.of(keep.objects(), name, Freshness.POSSIBLY_STALE);
        if (found.object().isPresent() && found.folder()) {
            throw CommandException.usage(name + " is an object and a folder: write " + name + "/ for the folder, or get"
                    + " the object by '--range 0-'");
        }
        if (found.object().isEmpty() && !found.folder()) {
            throw new CommandException(
                    ExitCode.NOT_FOUND, "the keep has no " + name + " ('slicekeep ls' shows what there is)");
        }
        return found;
    }

    private long totalBytes(Keep keep, List<KeepPath> names) throws IOException {
        if (options.pace.quiet) {
            return -1;
        }
        long bytes = 0;
        for (KeepPath name : names) {
            Lookup found = found(keep, name);
            if (found.object().isPresent()) {
                bytes += found.object().get().lengthBytes();
            } else {
                bytes += folderBytes(keep, name);
            }
        }
        return bytes;
    }

    private static long folderBytes(Keep keep, KeepPath name) throws IOException {
        ObjectCursor listing = new ObjectCursor(keep.objects(), name.prefix(), Freshness.POSSIBLY_STALE);
        long bytes = 0;
        for (ObjectEntry entry = listing.next(); entry != null; entry = listing.next()) {
            bytes += entry.lengthBytes();
        }
        return bytes;
    }

    private static void requireOne(List<KeepPath> names) throws CommandException {
        if (names.size() > 1 || names.get(0).isFolder()) {
            throw CommandException.usage("standard output and --range take one object");
        }
    }
}
