package io.slicekeep.store;

import io.slicekeep.store.StoreMarker.Commit;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Gives a written file its final name, of which there is at most one ever: whoever comes second is told so. */
@FunctionalInterface
interface Exclusive {
    /**
     * Moves a file.
     *
     * @param from stays, or goes, as suits; the caller deletes what is left
     * @param to a path where nothing may stand
     * @throws FileAlreadyExistsException if something stands there
     * @throws java.nio.file.NoSuchFileException if {@code from} or the directory of {@code to} does not exist
     * @throws IOException if it cannot be moved
     */
    void move(Path from, Path to) throws IOException;

    static Exclusive by(Commit commit, FileLayer files, DirectoryLayout layout) {
        return commit == Commit.LINK
                ? (from, to) -> link(from, to, files)
                : (from, to) -> renameUnderLock(from, to, files, layout);
    }

    /** Over a network the answer to a successful link can be lost and the repetition fail: then the name is ours. */
    private static void link(Path from, Path to, FileLayer files) throws IOException {
        try {
            files.link(from, to);
        } catch (FileAlreadyExistsException e) {
            if (!files.same(from, to)) {
                throw e;
            }
        }
    }

    private static void renameUnderLock(Path from, Path to, FileLayer files, DirectoryLayout layout)
            throws IOException {
        Closeable lock = files.lock(layout.lock());
        try {
            if (files.length(to).isPresent()) {
                throw new FileAlreadyExistsException(to.toString());
            }
            files.rename(from, to);
        } finally {
            closeQuietly(lock, layout);
        }
    }

    /** What was renamed stands, whatever becomes of the lock; the operating system ends it with the process. */
    private static void closeQuietly(Closeable lock, DirectoryLayout layout) {
        try {
            lock.close();
        } catch (IOException e) {
            System.getLogger(Exclusive.class.getName())
                    .log(System.Logger.Level.WARNING, "the lock " + layout.lock() + " could not be released", e);
        }
    }
}
