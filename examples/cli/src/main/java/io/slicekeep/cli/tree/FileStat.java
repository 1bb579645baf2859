package io.slicekeep.cli.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the file system tells of a file; of a link, not of what it points to.
 *
 * @param kind what it is
 * @param lengthBytes of a file's contents or a link's target
 * @param modified its modification time
 * @param mode the low twelve bits of its mode; -1 where there is none
 * @param identity equal for two paths of the same file; null where nobody knows
 */
record FileStat(
        FileKind kind,
        long lengthBytes,
        Instant modified,
        int mode,
        @Nullable Object identity) {
    private static final int MODE_BITS = 0b111_111_111_111;

    /** Looks at a file without following a link. */
    static FileStat of(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }
        Map<String, Object> attributes = Files.readAttributes(
                path,
                "unix:mode,size,lastModifiedTime,fileKey,isDirectory,isSymbolicLink,isRegularFile",
                LinkOption.NOFOLLOW_LINKS);
        return new FileStat(
                kind(attributes.get("isRegularFile"), attributes.get("isDirectory"), attributes.get("isSymbolicLink")),
                get(attributes, "size", Long.class),
                get(attributes, "lastModifiedTime", FileTime.class).toInstant(),
                get(attributes, "mode", Integer.class) & MODE_BITS,
                attributes.get("fileKey"));
    }

    private static <T> T get(Map<String, Object> attributes, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(attributes.get(name), name));
    }

    private static FileStat of(BasicFileAttributes attributes) {
        return new FileStat(
                kind(attributes.isRegularFile(), attributes.isDirectory(), attributes.isSymbolicLink()),
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                -1,
                attributes.fileKey());
    }

    /** Returns the modification time as precisely as a keep lists it. */
    Instant modifiedMicros() {
        return modified.truncatedTo(ChronoUnit.MICROS);
    }

    /** Returns whether two looks saw the same file with the same contents, as far as length and time tell. */
    boolean sameContents(FileStat other) {
        return kind == other.kind
                && lengthBytes == other.lengthBytes
                && modified.equals(other.modified)
                && Objects.equals(identity, other.identity);
    }

    private static FileKind kind(@Nullable Object file, @Nullable Object directory, @Nullable Object link) {
        if (Boolean.TRUE.equals(file)) {
            return FileKind.FILE;
        }
        if (Boolean.TRUE.equals(directory)) {
            return FileKind.DIRECTORY;
        }
        return Boolean.TRUE.equals(link) ? FileKind.SYMLINK : FileKind.OTHER;
    }
}
