package io.slicekeep.testkit;

import io.slicekeep.store.FileLayer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The files of a machine whose power may be cut at any call. The calls of its processes ({@link #process}) work on a real
 * directory; beside it this keeps account of what was synced. {@link #afterPowerCut} tells how the disk may
 * look if the power went now: what was synced stands, and of everything else any part, in any order: each change of a
 * directory's entries on its own, and any beginning of a file's bytes. That is the weakest promise of POSIX, which real file
 * systems better in different ways.
 *
 * <p>Change times are those of a clock that moves with the calls, in ticks that many calls share. Thread-safe.
 */
public final class CrashableFiles {
    private static final long CALL_NANOS = 2_000_000;
    private static final long TICK_NANOS = 90_000_000;

    private static final String DIRECTORY = "/";

    private final FileLayer live = FileLayer.system();
    private final Path root;
    private final Folder top = new Folder();
    private long clockNanos = 1_700_000_000_123_456_789L;

    /** Is told of each call of a process before it is made. */
    @FunctionalInterface
    public interface Step {
        /**
         * Says what will be done. An error thrown here ends the process: its clean-up calls will meet the same.
         *
         * @param call the call and its path
         * @throws IOException fails the call
         */
        void before(String call) throws IOException;
    }

    /** Decides what is left of changes that were not synced. */
    @FunctionalInterface
    public interface Choices {
        /** Nothing is left. */
        Choices LOST = (path, options) -> 0;

        /**
         * Takes one of several possibilities.
         *
         * @param path what it is about, from the machine's directory on, with / between names
         * @param options how many there are, at least 1
         * @return 0 to options - 1; 0 is the one that leaves nothing
         */
        int next(String path, int options);
    }

    /**
     * Creates a machine with one empty directory.
     *
     * @param root an existing empty directory; nothing outside of it may be used
     */
    public CrashableFiles(Path root) {
        this.root = root;
    }

    /**
     * Returns the files as one process sees them.
     *
     * @param step is told of each of its calls
     * @return a layer; all processes share one directory
     */
    public FileLayer process(Step step) {
        return new ProcessFiles(step);
    }

    /**
     * Returns the disk as it may look if the power is cut now.
     *
     * @param choices decide what is left of changes that were not synced; the same ones are asked for in the same order as long as
     *     nothing changes
     * @return what lies in the machine's directory
     */
    public synchronized Disk afterPowerCut(Choices choices) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        top.restore("", choices, entries);
        return new Disk(entries);
    }

    /** What lies on a disk. Two that are equal cannot be told apart. */
    public static final class Disk {
        private final SortedMap<String, byte[]> entries;

        private Disk(SortedMap<String, byte[]> entries) {
            this.entries = entries;
        }

        /**
         * Writes it to a directory.
         *
         * @param target an existing empty directory
         * @throws IOException if it cannot be written
         */
        public void writeTo(Path target) throws IOException {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                Path path = target.resolve(entry.getKey());
                if (entry.getKey().endsWith(DIRECTORY)) {
                    Files.createDirectory(path);
                } else {
                    Files.write(path, entry.getValue());
                }
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Disk disk && toString().equals(disk.toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }

        @Override
        public String toString() {
            StringBuilder all = new StringBuilder();
            entries.forEach((name, bytes) -> all.append(name)
                    .append('=')
                    .append(HexFormat.of().formatHex(bytes))
                    .append('\n'));
            return all.toString();
        }
    }

    /** A file or directory, whatever its names. */
    private abstract static class Node {
        long changedNanos;

        abstract void restore(String path, Choices choices, SortedMap<String, byte[]> disk);
    }

    private static final class Content extends Node {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private byte @Nullable [] synced;

        @Override
        void restore(String path, Choices choices, SortedMap<String, byte[]> disk) {
            disk.put(path, synced != null ? synced : anyBeginning(path, choices));
        }

        /** A file system may extend a file before it writes what belongs there. */
        private byte[] anyBeginning(String path, Choices choices) {
            int length = choices.next(path, written.size() + 1);
            boolean arrived = length > 0 && choices.next(path, 2) == 1;
            return arrived ? Arrays.copyOf(written.toByteArray(), length) : new byte[length];
        }
    }

    /** An entry that was set, or removed if the node is null. */
    private record Change(String name, @Nullable Node node) {
        void applyTo(Map<String, Node> entries) {
            if (node == null) {
                entries.remove(name);
            } else {
                entries.put(name, node);
            }
        }
    }

    private static final class Folder extends Node {
        private final Map<String, Node> entries = new TreeMap<>();
        private final Map<String, Node> synced = new TreeMap<>();
        private final List<Change> pending = new ArrayList<>();

        void set(String name, @Nullable Node node) {
            Change change = new Change(name, node);
            change.applyTo(entries);
            pending.add(change);
        }

        void sync() {
            pending.forEach(change -> change.applyTo(synced));
            pending.clear();
        }

        @Override
        void restore(String path, Choices choices, SortedMap<String, byte[]> disk) {
            Map<String, Node> present = new TreeMap<>(synced);
            for (Change change : pending) {
                if (choices.next(path + change.name(), 2) == 1) {
                    change.applyTo(present);
                }
            }
            present.forEach((name, node) -> {
                boolean directory = node instanceof Folder;
                if (directory) {
                    disk.put(path + name + DIRECTORY, new byte[0]);
                }
                node.restore(directory ? path + name + DIRECTORY : path + name, choices, disk);
            });
        }
    }

    private synchronized @Nullable Node node(Path path) {
        Node node = top;
        for (Path name : path.equals(root) ? List.<Path>of() : root.relativize(path)) {
            node = node instanceof Folder folder ? folder.entries.get(name.toString()) : null;
        }
        return node;
    }

    private synchronized void set(Path path, @Nullable Node node) {
        Path parent = path.getParent();
        if (parent == null || !(node(parent) instanceof Folder folder)) {
            throw new IllegalStateException("no directory for " + path);
        }
        folder.set(path.getFileName().toString(), node);
        folder.changedNanos = clockNanos;
        if (node != null) {
            node.changedNanos = clockNanos;
        }
    }

    /** One process. */
    private final class ProcessFiles implements FileLayer {
        private final Step step;

        ProcessFiles(Step step) {
            this.step = step;
        }

        private void call(String name, Path path) throws IOException {
            step.before(name + " " + (path.equals(root) ? "." : root.relativize(path)));
            synchronized (CrashableFiles.this) {
                clockNanos += CALL_NANOS;
            }
        }

        @Override
        public Output create(Path file) throws IOException {
            call("create", file);
            synchronized (CrashableFiles.this) {
                Content content = new Content();
                Output output = live.create(file);
                set(file, content);
                return new CrashableOutput(this, file, output, content);
            }
        }

        @Override
        public Input open(Path file) throws IOException {
            call("open", file);
            return live.open(file);
        }

        @Override
        public OptionalLong length(Path file) throws IOException {
            call("length", file);
            return live.length(file);
        }

        @Override
        public void link(Path file, Path link) throws IOException {
            call("link", link);
            synchronized (CrashableFiles.this) {
                live.link(file, link);
                set(link, node(file));
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            call("rename", to);
            synchronized (CrashableFiles.this) {
                live.rename(from, to);
                set(to, node(from));
                set(from, null);
            }
        }

        @Override
        public void delete(Path path) throws IOException {
            call("delete", path);
            synchronized (CrashableFiles.this) {
                live.delete(path);
                set(path, null);
            }
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            call("createDirectory", directory);
            synchronized (CrashableFiles.this) {
                live.createDirectory(directory);
                set(directory, new Folder());
            }
        }

        @Override
        public void list(Path directory, Consumer<String> names) throws IOException {
            call("list", directory);
            live.list(directory, names);
        }

        @Override
        public Version version(Path path) throws IOException {
            call("version", path);
            synchronized (CrashableFiles.this) {
                Node node = node(path);
                if (node == null) {
                    return live.version(path); // Says in its own words that nothing is there.
                }
                long tick = node.changedNanos / TICK_NANOS * TICK_NANOS + 1;
                return new Version(node, FileTime.from(tick, TimeUnit.NANOSECONDS));
            }
        }

        @Override
        public boolean same(Path one, Path other) throws IOException {
            call("same", other);
            return live.same(one, other);
        }

        @Override
        public Closeable lock(Path file) throws IOException {
            throw new UnsupportedOperationException(
                    "this machine has hard links, and only one thread at a time: " + file);
        }

        @Override
        public void sync(Path directory) throws IOException {
            call("sync", directory);
            synchronized (CrashableFiles.this) {
                if (node(directory) instanceof Folder folder) {
                    folder.sync();
                } else {
                    live.sync(directory); // Says in its own words that nothing is there.
                }
            }
        }
    }

    private final class CrashableOutput implements FileLayer.Output {
        private final ProcessFiles process;
        private final Path file;
        private final FileLayer.Output output;
        private final Content content;

        CrashableOutput(ProcessFiles process, Path file, FileLayer.Output output, Content content) {
            this.process = process;
            this.file = file;
            this.output = output;
            this.content = content;
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            process.call("write", file);
            synchronized (CrashableFiles.this) {
                for (int i = 0; i < count; i++) {
                    byte[] bytes = new byte[srcs[i].remaining()];
                    srcs[i].duplicate().get(bytes);
                    content.written.writeBytes(bytes);
                    content.synced = null;
                }
                output.write(srcs, count);
            }
        }

        @Override
        public void sync() throws IOException {
            process.call("fsync", file);
            synchronized (CrashableFiles.this) {
                content.synced = content.written.toByteArray();
            }
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}
