package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.task.RandomSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a directory store keeps what: the only place that turns keys into paths and names into keys. Immutable.
 *
 * <pre>
 * root/#store        marker, by which a directory is known to be a store
 * root/#tmp/         files being written, which tell the beginnings of their keys; whatever lies there is no blob
 * root/#lock         exists only where the file system has no hard links
 * root/a@/b@/c       blob a/b/c: the names of directories end with @, so a and a/b can both be blobs
 * root/a@/@.b        blob a/.b: a leading dot is written @. so that hidden files of other programs are no blobs
 * root/a@/#b0/b!c    blob a/b!c: names with ! stand in buckets
 * </pre>
 *
 * <p>Most listings ask for what begins with a name and {@code !}. A bucket has all names that share the first character and
 * the quarter of the alphabet that the second is in, so such a listing reads 1/256 of a large directory; and buckets have
 * the order of the names in them, so a page of a listing of all reads only those that it shows.
 */
final class DirectoryLayout {
    private static final int TEMPORARY_NAME_BYTES = 12;
    private static final int TEMPORARY_KEY_AT = 2 * TEMPORARY_NAME_BYTES + 1;
    private static final int TEMPORARY_KEY_CHARACTERS = 200;
    private static final char STEM_END = '!';
    private static final Pattern BUCKET = Pattern.compile("#[0-9A-Za-z._=+!~-][0-3]");

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

    /** A fresh name for what is to become a blob: the beginning of its key stands in it. */
    Path temporaryFile(BlobKey key) {
        return temporaryDirectory().resolve(temporaryFile().getFileName() + "@" + temporaryKey(key.value()));
    }

    /** Tells whether a name is that of a temporary file for a key with a prefix. */
    static boolean isTemporary(String name, KeyPrefix prefix) {
        return name.startsWith(temporaryKey(prefix.value()), TEMPORARY_KEY_AT);
    }

    private static String temporaryKey(String beginning) {
        int characters = Math.min(beginning.length(), TEMPORARY_KEY_CHARACTERS);
        return beginning.substring(0, characters).replace('/', '@');
    }

    Path file(BlobKey key) {
        int last = key.value().lastIndexOf('/') + 1;
        String segment = key.value().substring(last);
        Path directory = directory(key.value().substring(0, last));
        return place(directory, segment).resolve(fileName(segment));
    }

    /** The directory that has the file of a blob as an entry. */
    Path directoryOf(BlobKey key) {
        return Objects.requireNonNull(file(key).getParent());
    }

    /**
     * Returns the one bucket in which all names with some beginning stand.
     *
     * @return nothing if they stand in more than one, or in none
     */
    static Optional<String> bucket(String beginning) {
        return beginning.indexOf(STEM_END) > 0 ? Optional.of(bucketAt(beginning)) : Optional.empty();
    }

    /** Returns the bucket that has the place of a name in the order of names, whether or not it stands there. */
    static String bucketAt(String name) {
        char second = name.length() > 1 ? name.charAt(1) : 0;
        int quarter = second <= 'F' ? 0 : second <= 'V' ? 1 : second <= 'k' ? 2 : 3;
        return "#" + name.charAt(0) + quarter;
    }

    static boolean isBucket(String name) {
        return BUCKET.matcher(name).matches();
    }

    private static Path place(Path directory, String segment) {
        return bucket(segment).map(directory::resolve).orElse(directory);
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

    /**
     * Returns the directory of the keys that have a beginning in common.
     *
     * @param base whole segments, each followed by a slash; empty for the root
     */
    Path directory(String base) {
        Path directory = root;
        for (int start = 0; start < base.length(); ) {
            int slash = base.indexOf('/', start);
            String segment = base.substring(start, slash);
            directory = place(directory, segment).resolve(fileName(segment) + "@");
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

    static String fileName(String segment) {
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
