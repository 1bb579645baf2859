package io.slicekeep;

import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.KeepId;
import java.nio.file.Path;
import java.util.List;

/**
 * What a keep file says. Nothing in it is secret; the id binds the keep's secret, and no key is asked that is not listed.
 * Immutable.
 *
 * @param id which keep
 * @param keys the keys that may be asked
 * @param epoch the highest one seen
 * @param sites in the order of the file, which means nothing
 */
record KeepFile(KeepId id, List<KeyUri> keys, long epoch, List<SiteLine> sites) {
    /** The version of the format. */
    static final int VERSION = 1;

    KeepFile {
        keys = List.copyOf(keys);
        sites = List.copyOf(sites);
    }

    /**
     * One site of the file.
     *
     * @param name what people call it
     * @param path as it is written there; a relative one starts at the file's directory
     * @param line where; 0 if it was not read from a file
     */
    record SiteLine(String name, String path, int line) {
        /** Returns the directory. */
        Path directory(Path keepFile) {
            Path parent = keepFile.toAbsolutePath().getParent();
            return (parent == null ? Path.of(path) : parent.resolve(path)).normalize();
        }
    }
}
