package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.task.RandomSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where a directory store keeps what: the only place that turns keys into paths and names into keys. Immutable.
 *
 * <pre>
 * root/#store        marker, by which a directory is known to be a store
 * root/#tmp/         files being written; whatever lies there is no blob
 * root/#lock         exists only where the file system has no hard links
 * root/a@/b@/c       blob a/b/c: the names of directories end with @, so a and a/b can both be blobs
 * root/a@/@.b        blob a/.b: a leading dot is written @. so that hidden files of other programs are no blobs
 * </pre>
 */
final class DirectoryLayout {
    private static final int TEMPORARY_NAME_BYTES = 12;

    private final Path root;
    private final RandomSource random = RandomSource.secure();

    DirectoryLayout(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path marker() {
        return root.resolve("#store");
    }

    /** What the marker is called by a file system that does not tell upper from lower case. */
    Path markerInUpperCase() {
        return root.resolve("#STORE");
    }

    Path lock() {
        return root.resolve("#lock");
    }

    Path temporaryDirectory() {
        return root.resolve("#tmp");
    }

    /** A fresh name: nobody uses it again, so whoever removes an old temporary file cannot hit another. */
    Path temporaryFile() {
        return temporaryDirectory().resolve(HexFormat.of().formatHex(random.bytes(TEMPORARY_NAME_BYTES)));
    }

    Path file(BlobKey key) {
        return directoryOf(key).resolve(fileName(key.value().substring(lastSegment(key.value()))));
    }

    Path directoryOf(BlobKey key) {
        return directory(key.value().substring(0, lastSegment(key.value())));
    }

    /** Returns a directory and all above it, the root last. */
    List<Path> upwards(Path directory) {
        List<Path> way = new ArrayList<>(belowRoot(directory));
        way.add(root);
        return way;
    }

    /** Returns a directory and all above it but the root. */
    List<Path> belowRoot(Path directory) {
        List<Path> way = new ArrayList<>();
        for (Path next = directory; next != null && !next.equals(root); next = next.getParent()) {
            way.add(next);
        }
        return way;
    }

    private static int lastSegment(String key) {
        return key.lastIndexOf('/') + 1;
    }

    /**
     * Returns the directory of the keys that have a beginning in common.
     *
     * @param base whole segments, each followed by a slash; empty for the root
     */
    Path directory(String base) {
        Path directory = root;
        for (int start = 0; start < base.length(); ) {
            int slash = base.indexOf('/', start);
            directory = directory.resolve(fileName(base.substring(start, slash)) + "@");
            start = slash + 1;
        }
        return directory;
    }

    /**
     * Returns what a name in a directory stands for.
     *
     * @return a segment, followed by a slash if it is a directory; nothing if no blob has such a name
     */
    static Optional<String> entry(String name) {
        boolean directory = name.endsWith("@");
        String encoded = directory ? name.substring(0, name.length() - 1) : name;
        String segment = encoded.startsWith("@.") ? encoded.substring(1) : encoded;
        if (!isSegment(segment) || !fileName(segment).equals(encoded)) {
            return Optional.empty();
        }
        return Optional.of(directory ? segment + "/" : segment);
    }

    private static String fileName(String segment) {
        return segment.startsWith(".") ? "@" + segment : segment;
    }

    private static boolean isSegment(String text) {
        if (text.indexOf('/') >= 0) {
            return false;
        }
        try {
            BlobKey.of(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
