package io.slicekeep.store;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.task.RandomSource;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a store's {@code #store}: three lines of ASCII text. Immutable.
 *
 * <pre>
 * slicekeep directory store 1
 * id 0123456789abcdef0123456789abcdef
 * commit link
 * </pre>
 *
 * @param id 32 random hex digits, so that one disk mounted in the place of another is noticed
 * @param commit how blobs get their names; all processes must do it in the same way
 */
record StoreMarker(String id, Commit commit) {
    /** No marker is longer. */
    static final int MAX_BYTES = 1024;

    private static final int ID_BYTES = 16;
    private static final String MAGIC = "slicekeep directory store ";
    private static final Pattern TEXT = Pattern.compile("1\nid ([0-9a-f]{32})\ncommit ([a-z]{1,20})\n");
    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\n.*", Pattern.DOTALL);

    /** How a written file becomes a blob without ever replacing another. */
    enum Commit {
        /** By a hard link, which fails if the name is taken. */
        LINK,
        /** Where there are no hard links: by renaming it under a lock, if the name is free. */
        LOCK
    }

    static StoreMarker fresh(Commit commit, RandomSource random) {
        return new StoreMarker(HexFormat.of().formatHex(random.bytes(ID_BYTES)), commit);
    }

    byte[] format() {
        String word = commit == Commit.LINK ? "link" : "lock";
        return (MAGIC + "1\nid " + id + "\ncommit " + word + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a marker.
     *
     * @param bytes the whole file
     * @param name what to call it in messages
     */
    static StoreMarker parse(byte[] bytes, Object name) throws FormatException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(MAGIC)) {
            throw new FormatException(Kind.NOT_OURS, name + " does not mark a Slicekeep directory store");
        }
        String rest = text.substring(MAGIC.length());
        Matcher version = VERSION.matcher(rest);
        if (version.matches() && !version.group(1).equals("1")) {
            throw new FormatException(
                    Kind.TOO_NEW,
                    name + " marks a directory store of version " + version.group(1)
                            + ", and this release knows version 1: use a newer release");
        }
        Matcher lines = TEXT.matcher(rest);
        if (!lines.matches()) {
            throw new FormatException(Kind.CORRUPT, name + " is damaged: restore it from a backup");
        }
        return new StoreMarker(lines.group(1), commit(lines.group(2), name));
    }

    private static Commit commit(String word, Object name) throws FormatException {
        return switch (word) {
            case "link" -> Commit.LINK;
            case "lock" -> Commit.LOCK;
            default ->
                throw new FormatException(
                        Kind.TOO_NEW, name + " asks for commits by " + word + ", which this release does not know");
        };
    }
}
