package io.slicekeep;

import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.KeepId;
import io.slicekeep.membership.Member;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads keep files, and says of what it does not understand where it stands, what it is and what would be allowed. */
final class KeepFileParser {
    /** The longest keep file, in characters. */
    static final int MAX_CHARS = 1 << 18;

    private static final List<String> KEYS = List.of("version", "id", "keys", "epoch", "sites");
    private static final int MAX_KEYS = 16;
    private static final int MAX_SITES = 255;

    private final Path file;
    private final TomlTable root;

    private KeepFileParser(Path file, TomlTable root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Parses a keep file.
     *
     * @param file where it stands, for messages
     * @param text what it holds
     */
    static KeepFile parse(Path file, String text) throws KeepFileException {
        TomlTable root = toml(file, text);
        return new KeepFileParser(file, root).parse();
    }

    private static TomlTable toml(Path file, String text) throws KeepFileException {
        if (text.length() > MAX_CHARS) {
            throw new KeepFileException(
                    file, 0, "it has " + text.length() + " characters, and a keep file at most " + MAX_CHARS);
        }
        TomlParseResult result;
        try {
            result = Toml.parse(text);
        } catch (StackOverflowError e) {
            throw new KeepFileException(file, 0, "its values are nested too deeply");
        }
        for (TomlParseError error : result.errors()) {
            throw new KeepFileException(file, error.position().line(), String.valueOf(error.getMessage()));
        }
        return result;
    }

    private KeepFile parse() throws KeepFileException {
        requireVersion();
        requireKnownKeys();
        return new KeepFile(id(), keys(), epoch(), sites());
    }

    private void requireVersion() throws KeepFileException {
        long version = require("version", Long.class, "the whole number 1");
        if (version != KeepFile.VERSION) {
            throw at(
                    "version",
                    "found version " + version + ", allowed is 1; a file of a newer version needs a newer Slicekeep");
        }
    }

    private void requireKnownKeys() throws KeepFileException {
        for (String key : root.keySet()) {
            if (!KEYS.contains(key)) {
                String hint = Suggestion.clause(key, KEYS);
                throw at(
                        key,
                        "found the unknown key \"" + key + "\", allowed are " + String.join(", ", KEYS)
                                + (hint.isEmpty() ? "; sites stand below the line [sites]" : hint));
            }
        }
    }

    private KeepId id() throws KeepFileException {
        String id = require("id", String.class, "32 lower-case hex digits in quotes");
        try {
            return new KeepId(id);
        } catch (IllegalArgumentException e) {
            throw at("id", "found the id \"" + id + "\", allowed are 32 lower-case hex digits");
        }
    }

    private long epoch() throws KeepFileException {
        long epoch = require("epoch", Long.class, "a whole number from 1");
        if (epoch < 1) {
            throw at("epoch", "found the epoch " + epoch + ", allowed is a whole number from 1");
        }
        return epoch;
    }

    private List<KeyUri> keys() throws KeepFileException {
        String allowed = "a list of 1 to 16 key URIs such as [\"passphrase:\"]";
        TomlArray array = require("keys", TomlArray.class, allowed);
        if (array.isEmpty() || array.size() > MAX_KEYS) {
            throw at("keys", "found a list of " + array.size() + ", allowed is " + allowed);
        }
        Set<KeyUri> keys = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            int line = array.inputPositionOf(i).line();
            KeyUri key = key(array.get(i), line);
            if (!keys.add(key)) {
                throw new KeepFileException(file, line, "found the key \"" + key + "\" twice, allowed is each once");
            }
        }
        return List.copyOf(keys);
    }

    private KeyUri key(Object value, int line) throws KeepFileException {
        try {
            if (value instanceof String uri) {
                return new KeyUri(uri);
            }
        } catch (IllegalArgumentException e) {
            throw new KeepFileException(
                    file,
                    line,
                    "found the key \"" + value
                            + "\", allowed is scheme:rest such as \"passphrase:\" or \"local:photos\"");
        }
        throw new KeepFileException(
                file, line, "found " + kind(value) + " in keys, allowed are texts such as \"passphrase:\"");
    }

    private List<KeepFile.SiteLine> sites() throws KeepFileException {
        TomlTable table = require("sites", TomlTable.class, "a line [sites] and below it lines name = \"directory\"");
        if (table.isEmpty() || table.size() > MAX_SITES) {
            throw at("sites", "found " + table.size() + " sites, allowed are 1 to " + MAX_SITES);
        }
        List<KeepFile.SiteLine> sites = new ArrayList<>();
        Map<Path, String> directories = new HashMap<>();
        for (String name : table.keySet()) {
            KeepFile.SiteLine site = site(table, name);
            String twin = directories.put(site.directory(file), name);
            if (twin != null) {
                throw new KeepFileException(
                        file,
                        site.line(),
                        "found the directory " + site.path() + " for " + twin + " and for " + name
                                + ", allowed is a directory of its own for each site");
            }
            sites.add(site);
        }
        return sites;
    }

    private KeepFile.SiteLine site(TomlTable table, String name) throws KeepFileException {
        List<String> key = List.of(name);
        int line = line(table.inputPositionOf(key));
        if (!Member.NAME.matcher(name).matches()) {
            throw new KeepFileException(
                    file, line, "found the site name \"" + name + "\", allowed are 1 to 32 letters, digits, _ or -");
        }
        if (!(table.get(key) instanceof String path)) {
            throw new KeepFileException(
                    file,
                    line,
                    "found " + kind(table.get(key)) + " for site " + name + ", allowed is a directory in quotes");
        }
        requirePath(path, line);
        return new KeepFile.SiteLine(name, path, line);
    }

    private void requirePath(String path, int line) throws KeepFileException {
        if (path.isEmpty() || path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new KeepFileException(
                    file, line, "found an empty path or one with control characters, allowed is a directory");
        }
        if (path.equals("~") || path.startsWith("~/")) {
            throw new KeepFileException(
                    file, line, "found " + path + ", allowed is a whole path: ~ means nothing here, write it out");
        }
        if (path.contains("://")) {
            throw new KeepFileException(
                    file,
                    line,
                    "found the address " + path + ", allowed is a directory: this release has no other sites");
        }
        try {
            var unused = Path.of(path);
        } catch (InvalidPathException e) {
            throw new KeepFileException(file, line, "found \"" + path + "\", which is no path here: " + e.getReason());
        }
    }

    private <T> T require(String key, Class<T> type, String allowed) throws KeepFileException {
        Object value = root.get(List.of(key));
        if (value == null) {
            String similar = Suggestion.nearest(key, root.keySet())
                    .filter(found -> !KEYS.contains(found))
                    .map(found ->
                            " (is \"" + found + "\" at line " + line(root.inputPositionOf(List.of(found))) + " meant?)")
                    .orElse("");
            throw new KeepFileException(file, 0, "found no \"" + key + "\"" + similar + ", allowed is " + allowed);
        }
        if (!type.isInstance(value)) {
            throw at(key, "found " + kind(value) + " for \"" + key + "\", allowed is " + allowed);
        }
        return type.cast(value);
    }

    private KeepFileException at(String key, String message) {
        return new KeepFileException(file, line(root.inputPositionOf(List.of(key))), message);
    }

    private static int line(@Nullable TomlPosition position) {
        return position == null ? 0 : position.line();
    }

    private static String kind(@Nullable Object value) {
        if (value instanceof String text) {
            return "the text \"" + text + "\"";
        }
        if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof TomlArray) {
            return "a list";
        }
        return value instanceof TomlTable ? "a table" : "a date or time";
    }
}
