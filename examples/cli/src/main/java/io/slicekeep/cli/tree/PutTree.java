package io.slicekeep.cli.tree;

import io.slicekeep.cli.tree.Transfer.Comparison;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.object.Condition;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.WriteReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a file tree into a keep: an object for each file, each link (its target, never what it points to) and each directory
 * (empty, its name ends with a slash). What the keep's listing already shows with the same length and time is left out, so
 * an interrupted run is gone on with by running it again. Confined to one thread; it works on several files at once.
 */
public final class PutTree {
    /** When an object counts as put. */
    public enum Wait {
        /** When W sites hold it. */
        ACKNOWLEDGED,
        /** When all have it that can be reached: what a site has not got in time is brought there. */
        SETTLED
    }

    private final Transfer transfer;
    private final Set<Object> excluded;
    private final Wait wait;

    /**
     * Prepares.
     *
     * @param transfer where to and how
     * @param excluded identities of directories to leave out: the keep's own sites
     * @param wait how long for
     */
    public PutTree(Transfer transfer, Set<Object> excluded, Wait wait) {
        this.wait = wait;
        this.transfer = transfer;
        this.excluded = Set.copyOf(excluded);
    }

    /**
     * Returns what tells a file from all others, for leaving it out.
     *
     * @param path of a file or directory
     * @return its identity, or the path itself if there is none
     */
    public static Object identity(Path path) {
        try {
            Object identity =
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return identity == null ? path : identity;
        } catch (IOException e) {
            return path;
        }
    }

    /**
     * Returns the place of a file within a folder, under its own name.
     *
     * @param folder of the keep
     * @param source a file or directory
     * @return the place
     * @throws IOException if the path has no name of its own, as {@code /}
     */
    public static KeepPath within(KeepPath folder, Path source) throws IOException {
        Path named = source.normalize().toString().isEmpty() || source.endsWith("..")
                ? source.toRealPath()
                : source.normalize();
        byte[] name = PathBytes.lastName(named);
        if (name.length == 0) {
            throw CommandException.usage(
                    source + " has no name of its own: name a destination without a slash at its end");
        }
        return folder.child(name);
    }

    /**
     * Puts files and trees.
     *
     * @param targets files, links and directories, and what they become
     * @throws IOException if nothing more can be put; failures of single files are in the tally
     */
    public void put(Map<Path, KeepPath> targets) throws IOException {
        try (WorkPool pool = new WorkPool(transfer.jobs())) {
            for (Map.Entry<Path, KeepPath> target : targets.entrySet()) {
                put(target.getKey(), target.getValue(), pool);
            }
            pool.await();
        }
    }

    private void put(Path source, KeepPath target, WorkPool pool) throws IOException {
        FileStat stat = FileStat.of(source);
        if (stat.kind() == FileKind.DIRECTORY) {
            FileTree.walk(source, new Putter(target.folder(), pool));
        } else if (isKept(source, stat)) {
            ObjectName object = target.object();
            pool.submit(() -> attempt(object, source, stat, () -> inKeep(object)));
        }
    }

    /** Tells what the keep has of a file. */
    private interface Known {
        @Nullable
        ObjectEntry look() throws IOException;
    }

    private @Nullable ObjectEntry inKeep(ObjectName object) throws IOException {
        return Lookup.entry(transfer.objects(), object, Freshness.PROVEN).orElse(null);
    }

    private boolean isKept(Path path, FileStat stat) {
        if (stat.identity() != null && excluded.contains(stat.identity())) {
            transfer.shell().warn(path + " is left out: it is a site of this keep");
            return false;
        }
        if (stat.kind() == FileKind.OTHER) {
            transfer.shell().warn(path + " is left out: it is no file, directory or link");
            return false;
        }
        return !transfer.tally().stopped();
    }

    /** Decides what to put of a tree, in the order of the listing. */
    private final class Putter implements FileTree.Visitor {
        private final KeepPath target;
        private final WorkPool pool;
        /** The folders that lead to where the walk is, the innermost first. */
        private final Deque<KnownFolder> folders = new ArrayDeque<>();

        Putter(KeepPath target, WorkPool pool) {
            this.target = target;
            this.pool = pool;
        }

        @Override
        public boolean visit(byte[] name, Path path, FileStat stat) throws IOException {
            if (!isKept(path, stat)) {
                return false;
            }
            KeepPath place = name.length == 0 ? target : target.child(name);
            if (place.isRoot()) {
                folders.push(KnownFolder.of(transfer.objects(), place.prefix()));
                return true;
            }
            try {
                submit(place.object(), path, stat);
                return true;
            } catch (IllegalArgumentException e) {
                failed(path, new CommandException(ExitCode.IO, e.getMessage() + ": " + path, e));
                return false;
            }
        }

        private void submit(ObjectName object, Path path, FileStat stat) throws IOException {
            ObjectEntry before = folderOf(object, stat).find(object);
            pool.submit(() -> attempt(object, path, stat, () -> before));
        }

        /** Returns the folder that lists an object; a directory's own object is listed in the directory. */
        private KnownFolder folderOf(ObjectName object, FileStat stat) throws IOException {
            while (!folders.isEmpty() && !folders.getFirst().covers(object.bytes())) {
                folders.pop();
            }
            if (stat.kind() == FileKind.DIRECTORY) {
                folders.push(
                        folders.isEmpty()
                                ? KnownFolder.of(transfer.objects(), object.bytes())
                                : folders.getFirst().enter(object));
            }
            return folders.getFirst();
        }

        @Override
        public void failed(Path path, IOException failure) {
            transfer.tally().failed(path.toString(), failure);
        }
    }

    private void attempt(ObjectName object, Path path, FileStat stat, Known known) {
        if (transfer.tally().stopped()) {
            return;
        }
        try {
            if (isUnchanged(path, stat, known)) {
                transfer.tally().unchanged();
                transfer.progress().skip(stat.kind() == FileKind.FILE ? stat.lengthBytes() : 0);
            } else {
                putOne(object, path, stat, Condition.NONE);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            transfer.tally().failed(path.toString(), e);
        }
    }

    private boolean isUnchanged(Path path, FileStat stat, Known known) throws IOException {
        if (transfer.comparison() == Comparison.NONE) {
            return false;
        }
        ObjectEntry before = known.look();
        boolean file = stat.kind() == FileKind.FILE;
        return before != null
                && before.modified().equals(stat.modifiedMicros())
                && (stat.kind() == FileKind.DIRECTORY || before.lengthBytes() == stat.lengthBytes())
                && (!file || transfer.comparison() == Comparison.TIME || before.crc32c() == DataCopy.crc32c(path));
    }

    private void putOne(ObjectName object, Path path, FileStat stat, Condition condition) throws IOException {
        StoredAttributes attributes = StoredAttributes.of(stat);
        PutOptions options = new PutOptions(stat.modifiedMicros(), attributes.metadata(), false, condition);
        try (Sink sink = transfer.objects().create(object, options)) {
            long bytes = copyContents(path, stat, sink);
            written(object, sink.commit());
            transfer.tally().done(bytes);
        }
    }

    private void written(ObjectName object, WriteReport report) {
        boolean done = wait == Wait.ACKNOWLEDGED || report.missing().isEmpty();
        transfer.tally().written(done ? report.missing() : settled(object, report.missing()));
    }

    /** Brings an object to the sites that lack it, and returns those that do still. */
    private Map<String, String> settled(ObjectName object, Map<String, String> missing) {
        try {
            return transfer.objects().repair(object, Depth.LIGHT).pending();
        } catch (IOException e) {
            transfer.shell().trace(e);
            return missing;
        }
    }

    private long copyContents(Path path, FileStat stat, Sink sink) throws IOException {
        if (stat.kind() == FileKind.DIRECTORY) {
            return 0;
        }
        if (stat.kind() == FileKind.SYMLINK) {
            return writeAll(sink, PathBytes.raw(Files.readSymbolicLink(path)));
        }
        long bytes;
        try (FileChannel source = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            bytes = DataCopy.copy(source, sink, stat.lengthBytes(), transfer.progress());
        }
        if (bytes != stat.lengthBytes() || !FileStat.of(path).sameContents(stat)) {
            throw new CommandException(
                    ExitCode.CHANGED, path + " changed while it was read and was left out: put it again");
        }
        return bytes;
    }

    private static long writeAll(Sink sink, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            sink.write(buffer);
        }
        return bytes.length;
    }

    /**
     * Puts one file, whatever is there already.
     *
     * @param file the file
     * @param target the object's name
     * @param condition what must hold for it to take effect
     * @throws IOException if it is not acknowledged
     */
    public void put(Path file, KeepPath target, Condition condition) throws IOException {
        putOne(target.object(), file, FileStat.of(file), condition);
    }

    /**
     * Puts what a stream holds.
     *
     * @param source read to its end
     * @param target the object's name
     * @param condition what must hold for it to take effect
     * @throws IOException if it is not acknowledged
     */
    public void put(InputStream source, KeepPath target, Condition condition) throws IOException {
        try (Sink sink = transfer.objects().create(target.object(), PutOptions.NONE.when(condition))) {
            ReadableByteChannel channel = Channels.newChannel(source);
            long bytes = DataCopy.copy(channel, sink, Long.MAX_VALUE - 1, transfer.progress());
            written(target.object(), sink.commit());
            transfer.tally().done(bytes);
        }
    }
}
