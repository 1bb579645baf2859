package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.error.BlobNotFoundException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory: one file per blob. Any number of threads and processes may use the same directory at once.
 * Thread-safe.
 *
 * <p>What is visible is durable. A blob is written to a temporary file, which is synced, gets its name by a hard link (so
 * that no blob is ever replaced), and then the directory is synced, with every directory above it that has changed. A
 * listing syncs the directories of what it shows, because the writer may have died between the link and its sync; so does the
 * answer that a blob already exists. A process that is killed leaves at worst a temporary file, which is no blob.
 *
 * <p>A deletion removes directories that it leaves empty; a commit that finds its directory gone makes it again.
 *
 * <p>The layout is described in FORMAT.md section 9. Files may be read and copied with other tools; nothing else may be
 * put there, and nothing be changed.
 */
public final class DirectoryStore implements CopyingBlobStore, ConditionalBlobStore, TidyBlobStore {
    private static final Logger LOG = System.getLogger(DirectoryStore.class.getName());

    /** The longest page; more keys than that take more pages. */
    private static final int MOST_KEYS = 10_000;

    private final StoreRoot root;
    private final DirectoryLayout layout;
    private final FileLayer files;
    private final DirectorySyncs syncs;
    private final DirectoryCommit commit;
    private volatile boolean closed;

    private DirectoryStore(StoreRoot root, FileLayer files) {
        this.root = root;
        this.layout = root.layout();
        this.files = files;
        this.syncs = new DirectorySyncs(files, layout);
        this.commit = new DirectoryCommit(files, root, syncs);
    }

    /**
     * Makes a directory into a store and opens it.
     *
     * @param directory absent (it is created, with its parents) or empty
     * @return the store, to be closed by the caller
     * @throws java.nio.file.FileAlreadyExistsException if it already is a store
     * @throws io.slicekeep.error.FormatException if it holds anything else, or its file system does not tell upper from
     *     lower case
     * @throws IOException if it cannot be made
     */
    public static DirectoryStore create(Path directory) throws IOException {
        return create(directory, FileLayer.system());
    }

    /**
     * Makes a directory into a store and opens it, with the file system behind a layer.
     *
     * @param directory absent (it is created, with its parents) or empty
     * @param files carries out all changes, and all reads of blobs and directories
     * @return the store, to be closed by the caller
     * @throws IOException as {@link #create(Path)} does
     */
    public static DirectoryStore create(Path directory, FileLayer files) throws IOException {
        return DirectoryErrors.explaining(
                directory, "create a store", () -> new DirectoryStore(StoreRoot.create(directory, files), files));
    }

    /**
     * Opens a directory that was made into a store. It may be read-only: then creating and deleting fail.
     *
     * @param directory the directory
     * @return the store, to be closed by the caller
     * @throws io.slicekeep.error.UnavailableException if it is missing, or empty as an unmounted disk's mount point is
     * @throws io.slicekeep.error.FormatException if it is something else, or a store of a newer version
     * @throws IOException if it cannot be opened
     */
    public static DirectoryStore open(Path directory) throws IOException {
        return open(directory, FileLayer.system());
    }

    /**
     * Opens a directory that was made into a store, with the file system behind a layer.
     *
     * @param directory the directory
     * @param files carries out all changes, and all reads of blobs and directories
     * @return the store, to be closed by the caller
     * @throws IOException as {@link #open(Path)} does
     */
    public static DirectoryStore open(Path directory, FileLayer files) throws IOException {
        return DirectoryErrors.explaining(
                directory, "open the store", () -> new DirectoryStore(StoreRoot.open(directory, files), files));
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        requireOpen();
        return explaining("create a blob", () -> {
            root.requirePresent();
            commit.requireAbsent(key);
            Path temporary = layout.temporaryFile(key);
            return new DirectorySink(key, temporary, files.create(temporary), commit);
        });
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        requireOpen();
        return explaining("open blob " + key, () -> {
            try {
                return new DirectorySource(layout.root(), key, files.open(layout.file(key)));
            } catch (NoSuchFileException e) {
                root.requirePresent();
                throw new BlobNotFoundException("no blob " + key + " in " + layout.root(), e);
            }
        });
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        requireOpen();
        explaining("delete blob " + key, () -> {
            root.requirePresent();
            Path directory = layout.directoryOf(key);
            try {
                files.delete(layout.file(key));
                syncs.afterChange(directory);
                removeEmpty(directory);
            } catch (NoSuchFileException e) {
                syncs.beforeAnswerFrom(List.of(directory)); // Deleted by another, perhaps not durably.
            }
            return key;
        });
    }

    @Override
    public void copy(BlobKey from, BlobKey to) throws IOException {
        requireOpen();
        explaining("copy blob " + from + " to " + to, () -> {
            root.requirePresent();
            commit.requireAbsent(to);
            if (files.length(layout.file(from)).isEmpty()) {
                throw new BlobNotFoundException("no blob " + from + " in " + layout.root());
            }
            Path temporary = layout.temporaryFile(to);
            try {
                files.link(layout.file(from), temporary);
            } catch (UnsupportedOperationException | FileSystemException e) {
                return copyBytes(from, to);
            }
            try {
                commit.commit(temporary, to);
            } finally {
                commit.discard(temporary);
            }
            return to;
        });
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        requireOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1: limit=" + limit);
        }
        return explaining("list " + prefix, () -> {
            root.requirePresent();
            DirectoryLister lister = new DirectoryLister(files, layout, prefix, after, Math.min(limit, MOST_KEYS));
            Listing page = lister.page();
            syncs.beforeAnswerFrom(lister.shown());
            root.requirePresent();
            return page;
        });
    }

    @Override
    public Set<String> unfinished(KeyPrefix prefix) throws IOException {
        requireOpen();
        return explaining("list what is unfinished", () -> {
            root.requirePresent();
            Set<String> names = new TreeSet<>();
            files.list(layout.temporaryDirectory(), names::add);
            names.removeIf(name -> !DirectoryLayout.isTemporary(name, prefix));
            return names;
        });
    }

    @Override
    public void endUnfinished(String name) throws IOException {
        requireOpen();
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.startsWith(".")) {
            throw new IllegalArgumentException("no name of an unfinished write: " + name);
        }
        explaining("end the unfinished write " + name, () -> {
            root.requirePresent();
            try {
                files.delete(layout.temporaryDirectory().resolve(name));
            } catch (NoSuchFileException e) {
                LOG.log(Level.TRACE, "committed, aborted or ended by another", e);
            }
            syncs.afterChange(layout.temporaryDirectory());
            return name;
        });
    }

    /**
     * Returns what time it is by the clock of the file system, with which it stamps what is written: a disk's is that of this
     * machine, a mount's that of its server.
     *
     * @return microseconds since 1970
     * @throws IOException if the store cannot be written
     */
    public long clockMicros() throws IOException {
        requireOpen();
        return explaining("write a file", () -> {
            root.requirePresent();
            Path temporary = layout.temporaryFile();
            try (FileLayer.Output output = files.create(temporary)) {
                output.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[1])}, 1);
                return Files.getLastModifiedTime(temporary).to(TimeUnit.MICROSECONDS);
            } finally {
                commit.discard(temporary);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Returns the directory. */
    @Override
    public String toString() {
        return layout.root().toString();
    }

    /** With neither hard links nor room for more of them, the bytes have to travel. */
    private BlobKey copyBytes(BlobKey from, BlobKey to) throws IOException {
        try (BlobSource source = open(from);
                BlobSink sink = create(to)) {
            source.transferTo(sink);
            sink.commit();
        }
        return to;
    }

    /** Removes directories that hold nothing, upwards. That they come back after a crash does no harm. */
    private void removeEmpty(Path directory) {
        try {
            for (Path empty : layout.belowRoot(directory)) {
                files.delete(empty);
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "in use, or removed by another", e);
        }
    }

    private <T> T explaining(String what, DirectoryErrors.Action<T> action) throws IOException {
        return DirectoryErrors.explaining(layout.root(), what, action);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }
}
