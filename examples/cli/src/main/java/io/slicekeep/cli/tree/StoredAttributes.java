package io.slicekeep.cli.tree;

import io.slicekeep.error.FormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * What is kept of a file beside its bytes, in an object's metadata: {@code file.type} ({@code directory} or {@code symlink};
 * absent for a file), {@code file.mode} (four octal digits) and {@code file.modified} (the time in full, where microseconds
 * do not tell it).
 *
 * @param kind what it is
 * @param mode the low twelve bits; -1 if unknown
 * @param modified its modification time
 */
record StoredAttributes(FileKind kind, int mode, Instant modified) {
    private static final String TYPE = "file.type";
    private static final String MODE = "file.mode";
    private static final String MODIFIED = "file.modified";

    /** Returns what to keep of a file. */
    static StoredAttributes of(FileStat stat) {
        return new StoredAttributes(stat.kind(), stat.mode(), stat.modified());
    }

    /**
     * Parses an object's metadata.
     *
     * @param modifiedMicros the object's own time
     */
    static StoredAttributes parse(Map<String, String> metadata, Instant modifiedMicros) throws FormatException {
        String mode = metadata.getOrDefault(MODE, "-1");
        if (!mode.matches("-1|[0-7]{4}")) {
            throw malformed(MODE, mode);
        }
        String modified = metadata.getOrDefault(MODIFIED, "");
        try {
            return new StoredAttributes(
                    kind(metadata.getOrDefault(TYPE, "file")),
                    Integer.parseInt(mode, 8),
                    modified.isEmpty() ? modifiedMicros : Instant.parse(modified));
        } catch (DateTimeException e) {
            throw malformed(MODIFIED, modified);
        }
    }

    /** Returns the object's metadata. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new HashMap<>();
        if (kind != FileKind.FILE) {
            metadata.put(TYPE, kind == FileKind.DIRECTORY ? "directory" : "symlink");
        }
        if (mode >= 0 && kind != FileKind.SYMLINK) {
            metadata.put(MODE, String.format(java.util.Locale.ROOT, "%04o", mode));
        }
        if (!modified.equals(modified.truncatedTo(ChronoUnit.MICROS))) {
            metadata.put(MODIFIED, modified.toString());
        }
        return metadata;
    }

    private static FileKind kind(String type) throws FormatException {
        return switch (type) {
            case "file" -> FileKind.FILE;
            case "directory" -> FileKind.DIRECTORY;
            case "symlink" -> FileKind.SYMLINK;
            default -> throw malformed(TYPE, type);
        };
    }

    private static FormatException malformed(String name, String value) {
        return new FormatException(FormatException.Kind.TOO_NEW, "metadata " + name + " is not known: " + value);
    }
}
