package io.slicekeep;

import io.slicekeep.key.KeyUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/**
 * Keep files on disk. A reader sees the old text or the new one, never part of one, also after a crash. Who changes one reads it
 * while others wait, so that nobody takes back what somebody else noted. The lock is a file beside it, {@code NAME.lock}, since
 * the keep file itself is replaced.
 */
final class KeepFiles {
    /**
     * Writers of this process, of whatever file. They must not reach the file's lock together: closing any channel of a file
     * gives up all locks that the process has on it (POSIX fcntl).
     */
    private static final Lock WRITERS = new ReentrantLock();

    private KeepFiles() {}

    static KeepFile read(Path file) throws IOException {
        return KeepFileParser.parse(file, text(file));
    }

    /** Fails if something stands at the path. */
    static void requireAbsent(Path file) throws KeepFileException {
        if (Files.exists(file)) {
            throw new KeepFileException(
                    file, 0, "the file exists and is not overwritten; give another name, or remove it");
        }
    }

    /** Writes a file where none stands. */
    static void create(Path file, KeepFile content) throws IOException {
        Path temporary = writeTemporary(file, KeepFileText.of(content));
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw new KeepFileException(
                    file, 0, "the file exists and is not overwritten; give another name, or remove it");
        } catch (UnsupportedOperationException | FileSystemException e) {
            requireAbsent(file); // No hard links: Linux refuses them on FAT as not permitted.
            Files.move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(parent(file));
    }

    /** Writes a file, replacing one that stands there. */
    static void replace(Path file, KeepFile content) throws IOException {
        replace(file, KeepFileText.of(content));
    }

    /** Changes keys, epoch and paths of a file from what they are now, and leaves every other line as its owner wrote it. */
    static void update(Path file, UnaryOperator<KeepFile> change) throws IOException {
        Path target = target(file);
        WRITERS.lock();
        try (FileChannel lock = FileChannel.open(
                target.resolveSibling(target.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            lock.lock();
            KeepFile now = read(file);
            KeepFile changed = change.apply(now);
            if (!changed.equals(now)) {
                edit(file, changed);
            }
        } finally {
            WRITERS.unlock();
        }
    }

    private static void edit(Path file, KeepFile content) throws IOException {
        String former = text(file);
        String edited = replaceLine(former, "keys", line -> KeepFileText.keysLine(content.keys()));
        edited = replaceLine(edited, "epoch", line -> KeepFileText.epochLine(content.epoch()));
        edited = replaceSites(edited, paths(KeepFileParser.parse(file, former)), paths(content));
        KeepFile reread = KeepFileParser.parse(file, edited);
        boolean said = reread.keys().equals(content.keys())
                && reread.epoch() == content.epoch()
                && paths(reread).equals(paths(content));
        replace(file, said ? edited : KeepFileText.of(content));
    }

    private static Map<String, String> paths(KeepFile file) {
        Map<String, String> paths = new LinkedHashMap<>();
        file.sites().forEach(site -> paths.put(site.name(), site.path()));
        return paths;
    }

    /** New sites go behind the last of those that are there. */
    private static String replaceSites(String text, Map<String, String> known, Map<String, String> wanted) {
        String edited = text;
        String last = "";
        for (Map.Entry<String, String> site : wanted.entrySet()) {
            String line = KeepFileText.siteLine(new KeepFile.SiteLine(site.getKey(), site.getValue(), 0));
            String former = known.get(site.getKey());
            if (former == null) {
                edited = replaceLine(edited, last, written -> written + "\n" + line);
            } else if (!former.equals(site.getValue())) {
                edited = replaceLine(edited, "sites." + site.getKey(), written -> line);
            }
            last = "sites." + site.getKey();
        }
        for (String site : known.keySet()) {
            edited = wanted.containsKey(site) ? edited : replaceLine(edited, "sites." + site, written -> "");
        }
        return edited;
    }

    /** Adds keys to those that a file lists. */
    static void allow(Path file, List<KeyUri> keys) throws IOException {
        update(file, now -> {
            Set<KeyUri> more = new LinkedHashSet<>(now.keys());
            more.addAll(keys);
            return withKeys(now, more);
        });
    }

    /** Takes keys from those that a file lists. */
    static void disallow(Path file, Set<KeyUri> keys) throws IOException {
        update(file, now -> {
            Set<KeyUri> fewer = new LinkedHashSet<>(now.keys());
            fewer.removeAll(keys);
            return fewer.isEmpty() ? now : withKeys(now, fewer);
        });
    }

    private static KeepFile withKeys(KeepFile file, Set<KeyUri> keys) {
        return new KeepFile(file.id(), List.copyOf(keys), file.epoch(), file.sites());
    }

    /** Replaces the line of a key, by none, one or two, whose value ends on that line; a longer one stays, and {@link #update} notices. */
    private static String replaceLine(String text, String key, UnaryOperator<String> replacement) {
        TomlPosition position = key.isEmpty() ? null : Toml.parse(text).inputPositionOf(key);
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (position != null && isWhole(lines.get(position.line() - 1), key)) {
            String replaced = replacement.apply(lines.remove(position.line() - 1));
            lines.addAll(position.line() - 1, replaced.lines().toList());
        }
        return String.join("\n", lines) + "\n";
    }

    private static boolean isWhole(String line, String key) {
        TomlParseResult alone = Toml.parse(line);
        return !alone.hasErrors() && alone.contains(key.substring(key.lastIndexOf('.') + 1));
    }

    private static String text(Path file) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new KeepFileException(file, 0, "found a directory, allowed is a keep file");
            }
            if (Files.size(file) > 4L * KeepFileParser.MAX_CHARS) {
                throw new KeepFileException(file, 0, "found " + Files.size(file) + " bytes: that is no keep file");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new KeepFileException(
                    file,
                    0,
                    "there is no such file; \"create\" makes a keep, \"adopt\" rebuilds a lost keep file from its sites");
        } catch (MalformedInputException e) {
            throw new KeepFileException(file, 0, "found bytes that are no UTF-8 text: that is no keep file");
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path target = target(file);
        Path temporary = writeTemporary(target, text);
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(parent(target));
    }

    /** A change replaces the file and not a link to it. */
    private static Path target(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file;
    }

    private static Path writeTemporary(Path target, String text) throws IOException {
        Path temporary = parent(target).resolve("." + target.getFileName() + "." + UUID.randomUUID());
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
            return temporary;
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
