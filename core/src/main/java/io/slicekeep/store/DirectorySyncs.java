package io.slicekeep.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes directories durable, and remembers which of them already are. Thread-safe.
 *
 * <p>A directory is clean if it was synced and has not changed since. Changes by other processes show only in its change
 * time, which moves in ticks: a change in the tick in which the directory was synced would not show. So a sync is remembered
 * only if the clock of the file system had left the tick of the last change before the sync began. That clock is asked by
 * creating a file: it may be another machine's.
 */
final class DirectorySyncs {
    /** Longer than any tick of a file system that has fractions of a second. */
    private static final Duration FINE_TICK = Duration.ofMillis(100);

    /** Longer than any tick at all: FAT counts in steps of two seconds. */
    private static final Duration COARSE_TICK = Duration.ofMillis(2100);

    private static final long SECOND_NANOS = 1_000_000_000;

    /** More is forgotten, which costs a sync. */
    private static final int MOST_REMEMBERED = 1 << 16;

    private final FileLayer files;
    private final DirectoryLayout layout;
    private final Map<Path, FileLayer.Version> clean = new ConcurrentHashMap<>();

    DirectorySyncs(FileLayer files, DirectoryLayout layout) {
        this.files = files;
        this.layout = layout;
    }

    /** Makes durable an entry that was just created or removed, and all directories on the way to it. */
    void afterChange(Path directory) throws IOException {
        try {
            files.sync(directory);
        } catch (NoSuchFileException e) {
            requireBelowRoot(directory, e); // Removed by another since, which the one above shows.
        }
        List<Path> way = layout.upwards(directory);
        beforeAnswer(way.subList(1, way.size()));
    }

    /** Makes durable what was seen in directories, and all directories on the way to them. */
    void beforeAnswerFrom(Collection<Path> directories) throws IOException {
        Set<Path> ways = new LinkedHashSet<>();
        directories.forEach(directory -> ways.addAll(layout.upwards(directory)));
        beforeAnswer(ways);
    }

    private void beforeAnswer(Collection<Path> directories) throws IOException {
        Clock clock = new Clock();
        for (Path directory : directories) {
            try {
                FileLayer.Version version = files.version(directory);
                if (!version.equals(clean.get(directory))) {
                    boolean tickIsOver = clock.hasLeftTickOf(version.changed());
                    files.sync(directory);
                    if (tickIsOver) {
                        remember(directory, version);
                    }
                }
            } catch (NoSuchFileException e) {
                requireBelowRoot(directory, e);
            }
        }
    }

    private void requireBelowRoot(Path directory, NoSuchFileException e) throws NoSuchFileException {
        if (directory.equals(layout.root())) {
            throw e;
        }
    }

    private void remember(Path directory, FileLayer.Version version) {
        if (clean.size() >= MOST_REMEMBERED) {
            clean.clear();
        }
        clean.put(directory, version);
    }

    /** The clock of the file system, asked at most once for one answer. */
    private final class Clock {
        private @Nullable FileTime now;

        boolean hasLeftTickOf(FileTime changed) {
            boolean wholeSeconds = changed.to(TimeUnit.NANOSECONDS) % SECOND_NANOS == 0;
            FileTime over = FileTime.from(changed.toInstant().plus(wholeSeconds ? COARSE_TICK : FINE_TICK));
            try {
                now = now == null ? ask() : now;
                return now.compareTo(over) > 0;
            } catch (IOException e) {
                return false; // A file system that is full or read-only has no clock to ask.
            }
        }

        private FileTime ask() throws IOException {
            Path file = layout.temporaryFile();
            files.create(file).close();
            try {
                return files.version(file).changed();
            } finally {
                files.delete(file);
            }
        }
    }
}
