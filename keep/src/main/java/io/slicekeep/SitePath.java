package io.slicekeep;

import java.nio.file.Path;

/**
 * A site as its owner names it. Immutable.
 *
 * @param name 1 to 32 of {@code a-z A-Z 0-9 _ -}: what messages and the keep file call it
 * @param directory where its blobs lie
 */
public record SitePath(String name, Path directory) {
    /** Checks the name. */
    public SitePath {
        if (!name.matches("[A-Za-z0-9_-]{1,32}")) {
            throw new IllegalArgumentException("a site's name must be 1 to 32 letters, digits, _ or -: name=" + name);
        }
    }

    /**
     * Parses {@code name=directory}.
     *
     * @param text such as {@code a=/mnt/a}
     * @return the site
     */
    public static SitePath parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new IllegalArgumentException("a site must look like name=directory: site=" + text);
        }
        return new SitePath(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }

    @Override
    public String toString() {
        return name + "=" + directory;
    }
}
