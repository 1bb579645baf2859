package io.slicekeep.store;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.store.StoreMarker.Commit;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directory at the top of a store, and the marker that tells it from others: made once, recognised when opened, and
 * looked at again before answers that depend on it, since a disk can be unmounted or replaced at any time. Thread-safe.
 */
final class StoreRoot {
    private static final Logger LOG = System.getLogger(StoreRoot.class.getName());

    private final FileLayer files;
    private final DirectoryLayout layout;
    private final StoreMarker marker;
    private volatile FileLayer.Version markerVersion;

    private StoreRoot(FileLayer files, DirectoryLayout layout) throws IOException {
        this.files = files;
        this.layout = layout;
        this.markerVersion = files.version(layout.marker());
        this.marker = readMarker();
    }

    DirectoryLayout layout() {
        return layout;
    }

    Commit commit() {
        return marker.commit();
    }

    /** Makes a store in a directory that is absent or empty, and opens it. */
    static StoreRoot create(Path directory, FileLayer files) throws IOException {
        makeDirectories(directory.toAbsolutePath().normalize(), files);
        DirectoryLayout layout = new DirectoryLayout(directory.toRealPath());
        requireUnused(layout, files);
        try {
            files.createDirectory(layout.temporaryDirectory());
        } catch (FileAlreadyExistsException e) {
            // Left by a creation that did not come to its end, or made by one under way: the marker decides.
        }
        requireTellsCases(layout.temporaryDirectory(), files);
        writeMarker(layout, files);
        return open(directory, files);
    }

    /** Recognises a store. */
    static StoreRoot open(Path directory, FileLayer files) throws IOException {
        if (!Files.exists(directory)) {
            throw new UnavailableException("no directory " + directory + ": is its disk mounted?");
        }
        if (!Files.isDirectory(directory)) {
            throw new FormatException(Kind.NOT_OURS, directory + " is not a directory, so it holds no store");
        }
        DirectoryLayout layout = new DirectoryLayout(directory.toRealPath());
        requireMarker(layout, files);
        if (files.same(layout.marker(), layout.markerInUpperCase())) {
            throw caseInsensitive(layout.root());
        }
        files.sync(layout.root());
        restoreTemporaryDirectory(layout, files);
        return new StoreRoot(files, layout);
    }

    /** Tools that copy trees may leave out an empty directory. */
    private static void restoreTemporaryDirectory(DirectoryLayout layout, FileLayer files) {
        try {
            files.createDirectory(layout.temporaryDirectory());
        } catch (FileAlreadyExistsException e) {
            // As it should be.
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the store can only be read", e);
        }
    }

    /** Checks that the very store that was opened still stands here. */
    void requirePresent() throws IOException {
        try {
            FileLayer.Version version = files.version(layout.marker());
            if (version.equals(markerVersion)) {
                return;
            }
            if (readMarker().equals(marker)) {
                markerVersion = version;
                return;
            }
        } catch (NoSuchFileException e) {
            throw new UnavailableException("the store in " + layout.root() + " is gone: is its disk still mounted?", e);
        }
        throw new UnavailableException("another store stands in " + layout.root()
                + " than when it was opened: mount the right disk there, or open it again");
    }

    private StoreMarker readMarker() throws IOException {
        try (FileLayer.Input input = files.open(layout.marker())) {
            ByteBuffer bytes = ByteBuffer.allocate(StoreMarker.MAX_BYTES);
            while (bytes.hasRemaining() && input.read(bytes.position(), bytes) > 0) {
                // A read may bring fewer bytes than asked for.
            }
            byte[] text = new byte[bytes.position()];
            bytes.flip().get(text);
            return StoreMarker.parse(text, layout.marker());
        }
    }

    private static void requireMarker(DirectoryLayout layout, FileLayer files) throws IOException {
        if (files.length(layout.marker()).isPresent()) {
            return;
        }
        if (entriesOfOthers(layout.root(), files).isEmpty()) {
            throw new UnavailableException("the directory " + layout.root() + " is empty: is its disk mounted?");
        }
        throw new FormatException(
                Kind.NOT_OURS, "the directory " + layout.root() + " holds something, but no Slicekeep store");
    }

    private static void requireUnused(DirectoryLayout layout, FileLayer files) throws IOException {
        if (files.length(layout.marker()).isPresent()) {
            throw alreadyStore(layout);
        }
        List<String> others = entriesOfOthers(layout.root(), files);
        if (!others.isEmpty()) {
            throw new FormatException(
                    Kind.NOT_OURS,
                    "the directory " + layout.root() + " is not empty (it holds " + others.get(0)
                            + "): a store needs a directory of its own");
        }
    }

    /** What stands there beside the traces of a creation that stopped, and what a fresh file system brings along. */
    private static List<String> entriesOfOthers(Path root, FileLayer files) throws IOException {
        List<String> names = new ArrayList<>();
        files.list(root, names::add);
        names.removeAll(List.of("#tmp", "#lock", "lost+found"));
        return names;
    }

    private static void makeDirectories(Path directory, FileLayer files) throws IOException {
        Path parent = directory.getParent();
        if (Files.isDirectory(directory)) {
            syncStanding(parent, files);
            return;
        }
        if (Files.exists(directory) || parent == null) {
            throw new NotDirectoryException(directory + " is not a directory, so no store can be made in it");
        }
        makeDirectories(parent, files);
        try {
            files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was faster, and may not have synced it yet.
        }
        files.sync(parent);
    }

    /** Makes durable that a directory stands: whoever made it, maybe an attempt of ours, may have died before its sync. */
    private static void syncStanding(@Nullable Path parent, FileLayer files) throws IOException {
        try {
            if (parent != null) {
                files.sync(parent);
            }
        } catch (AccessDeniedException e) {
            LOG.log(Level.DEBUG, "not ours to sync", e);
        }
    }

    private static void requireTellsCases(Path directory, FileLayer files) throws IOException {
        Path upperCase = directory.resolveSibling("#TMP");
        if (files.same(directory, upperCase)) {
            throw caseInsensitive(directory);
        }
    }

    private static FormatException caseInsensitive(Path directory) {
        return new FormatException(
                Kind.NOT_OURS,
                "the file system of " + directory
                        + " does not tell upper from lower case, and keys would collide: use another file system");
    }

    /** The marker is written like a blob, so of two creators one wins and no half a marker is ever seen. */
    private static void writeMarker(DirectoryLayout layout, FileLayer files) throws IOException {
        Path temporary = layout.temporaryFile();
        try (FileLayer.Output output = files.create(temporary)) {
            Commit commit = probeCommit(layout, temporary, files);
            byte[] text = StoreMarker.fresh(commit, RandomSource.secure()).format();
            output.write(new ByteBuffer[] {ByteBuffer.wrap(text)}, 1);
            output.sync();
            Exclusive.by(commit, files, layout).move(temporary, layout.marker());
        } catch (FileAlreadyExistsException e) {
            throw alreadyStore(layout);
        } finally {
            deleteIfPresent(temporary, files);
        }
        files.sync(layout.root());
    }

    private static Commit probeCommit(DirectoryLayout layout, Path file, FileLayer files) throws IOException {
        Path link = layout.temporaryFile();
        try {
            files.link(file, link);
        } catch (UnsupportedOperationException | FileSystemException e) {
            return Commit.LOCK;
        }
        files.delete(link);
        return Commit.LINK;
    }

    private static FileAlreadyExistsException alreadyStore(DirectoryLayout layout) {
        return new FileAlreadyExistsException(
                layout.root().toString(), null, "it already holds a store: open it, or choose another directory");
    }

    private static void deleteIfPresent(Path file, FileLayer files) throws IOException {
        try {
            files.delete(file);
        } catch (NoSuchFileException e) {
            // A rename has moved it.
        }
    }
}
