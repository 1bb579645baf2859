package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a file tree into a keep: an object for each file, each link (its target, never what it points to) and each directory
 * (empty, its name ends with a slash). What the keep's listing already shows with the same length and time is left out, so
 * an interrupted run is gone on with by running it again. Confined to one thread; it works on several files at once.
 */
public final class PutTree {
    private final Transfer transfer;
    private final Set<Object> excluded;

    /**
     * Prepares.
     *
     * @param transfer where to and how
     * @param excluded identities of directories to leave out: the keep's own sites
     */
    public PutTree(Transfer transfer, Set<Object> excluded) {
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
     * Puts a file or a tree.
     *
     * @param source a file, a link or a directory
     * @param target what it becomes
     * @throws IOException if nothing more can be put; failures of single files are in the tally
     */
    public void put(Path source, KeepPath target) throws IOException {
        FileStat root = FileStat.of(source);
        boolean directory = root.kind() == FileKind.DIRECTORY;
        byte[] prefix = directory ? target.prefix() : target.object().bytes();
        ObjectCursor known = new ObjectCursor(transfer.objects(), prefix, Freshness.PROVEN);
        try (WorkPool pool = new WorkPool(transfer.jobs())) {
            FileTree.walk(source, new Putter(directory ? target.folder() : target, known, pool));
            pool.await();
        }
    }

    /** Decides what to put, in the order of the listing. */
    private final class Putter implements FileTree.Visitor {
        private final KeepPath target;
        private final ObjectCursor known;
        private final WorkPool pool;

        Putter(KeepPath target, ObjectCursor known, WorkPool pool) {
            this.target = target;
            this.known = known;
            this.pool = pool;
        }

        @Override
        public boolean visit(byte[] name, Path path, FileStat stat) throws IOException {
            if (transfer.tally().stopped()) {
                return false;
            }
            if (stat.identity() != null && excluded.contains(stat.identity())) {
                transfer.shell().warn(path + " is left out: it is a site of this keep");
                return false;
            }
            if (stat.kind() == FileKind.OTHER) {
                transfer.shell().warn(path + " is left out: it is no file, directory or link");
                return false;
            }
            if (name.length > 0 || !target.isRoot()) {
                submit(name.length == 0 ? target : target.child(name), path, stat);
            }
            return true;
        }

        private void submit(KeepPath place, Path path, FileStat stat) throws IOException {
            ObjectName object;
            try {
                object = place.object();
            } catch (IllegalArgumentException e) {
                failed(path, new CommandException(ExitCode.IO, e.getMessage() + ": " + path));
                return;
            }
            ObjectEntry before = known.seek(object);
            pool.submit(() -> attempt(object, path, stat, before));
        }

        @Override
        public void failed(Path path, IOException failure) {
            transfer.tally().failed(path.toString(), failure);
        }
    }

    private void attempt(ObjectName object, Path path, FileStat stat, @Nullable ObjectEntry before) {
        if (transfer.tally().stopped()) {
            return;
        }
        try {
            if (isUnchanged(path, stat, before)) {
                transfer.tally().unchanged();
                transfer.progress().skip(stat.kind() == FileKind.FILE ? stat.lengthBytes() : 0);
            } else {
                putOne(object, path, stat);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            transfer.tally().failed(path.toString(), e);
        }
    }

    private boolean isUnchanged(Path path, FileStat stat, @Nullable ObjectEntry before) throws IOException {
        boolean directory = stat.kind() == FileKind.DIRECTORY;
        if (before == null || (!directory && before.lengthBytes() != stat.lengthBytes())) {
            return false;
        }
        boolean sameTime = before.modified().equals(stat.modifiedMicros());
        return switch (transfer.comparison()) {
            case TIME -> sameTime;
            case CHECKSUM -> sameTime && (stat.kind() != FileKind.FILE || before.crc32c() == DataCopy.crc32c(path));
            case NONE -> false;
        };
    }

    private void putOne(ObjectName object, Path path, FileStat stat) throws IOException {
        StoredAttributes attributes = StoredAttributes.of(stat);
        PutOptions options = new PutOptions(stat.modifiedMicros(), attributes.metadata(), false);
        try (Sink sink = transfer.objects().create(object, options)) {
            long bytes = copyContents(path, stat, sink);
            transfer.tally().written(sink.commit());
            transfer.tally().done(bytes);
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
     * Puts what a stream holds.
     *
     * @param source read to its end
     * @param target the object's name
     * @throws IOException if it is not acknowledged
     */
    public void put(InputStream source, KeepPath target) throws IOException {
        try (Sink sink = transfer.objects().create(target.object(), PutOptions.NONE)) {
            ReadableByteChannel channel = Channels.newChannel(source);
            long bytes = DataCopy.copy(channel, sink, Long.MAX_VALUE - 1, transfer.progress());
            transfer.tally().written(sink.commit());
            transfer.tally().done(bytes);
        }
    }
}
