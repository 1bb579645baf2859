package io.slicekeep.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * All that a directory store asks of a file system, so that a test can stand between the two: fail a call, lose what was
 * not synced, or reorder it. Nothing that these calls change is promised to survive a crash before {@link Output#sync()}
 * (for a file's bytes) or {@link #sync} (for a directory's entries) has returned. Thread-safe.
 *
 * <p>Exceptions are those of {@link java.nio.file.Files}: above all {@code NoSuchFileException},
 * {@code FileAlreadyExistsException} and {@code DirectoryNotEmptyException}.
 */
public interface FileLayer {
    /**
     * Returns the file system of the operating system.
     *
     * @return the layer that stores use by default
     */
    static FileLayer system() {
        return SystemFileLayer.INSTANCE;
    }

    /**
     * Creates a file and opens it for writing.
     *
     * @param file a path where nothing stands
     * @return an output, to be closed by the caller
     * @throws IOException if it cannot be created
     */
    Output create(Path file) throws IOException;

    /**
     * Opens a regular file for reading. Symbolic links are not followed.
     *
     * @param file the file
     * @return an input, to be closed by the caller
     * @throws IOException if it cannot be opened; {@code NoSuchFileException} also if it is no regular file
     */
    Input open(Path file) throws IOException;

    /**
     * Returns the length of a regular file. Symbolic links are not followed.
     *
     * @param file the file
     * @return its length in bytes, or nothing if no regular file stands there
     * @throws IOException if it cannot be told
     */
    OptionalLong length(Path file) throws IOException;

    /**
     * Gives a file a second name.
     *
     * @param file an existing file
     * @param link a path where nothing stands; what stands there is never replaced
     * @throws UnsupportedOperationException if the file system has no hard links
     * @throws IOException if it cannot be linked
     */
    void link(Path file, Path link) throws IOException;

    /**
     * Renames a file.
     *
     * @param from an existing file
     * @param to its new path; what stands there is replaced
     * @throws IOException if it cannot be renamed
     */
    void rename(Path from, Path to) throws IOException;

    /**
     * Deletes a file or an empty directory.
     *
     * @param path what to delete
     * @throws IOException if it cannot be deleted
     */
    void delete(Path path) throws IOException;

    /**
     * Creates a directory in an existing one.
     *
     * @param directory a path where nothing stands
     * @throws IOException if it cannot be created
     */
    void createDirectory(Path directory) throws IOException;

    /**
     * Names the entries of a directory, in any order. What stands there from beginning to end is named once. A symbolic
     * link is no directory.
     *
     * @param directory the directory
     * @param names takes each name
     * @throws IOException if it cannot be read
     */
    void list(Path directory, Consumer<String> names) throws IOException;

    /**
     * Which file or directory something is, and since when it is as it is.
     *
     * @param file tells it from all others that exist at the same time
     * @param changed when it last changed, by the clock of the file system and at its resolution; for a directory, when an
     *     entry was last created or removed
     */
    record Version(Object file, FileTime changed) {}

    /**
     * Returns the version of a file or directory.
     *
     * @param path the file or directory
     * @return its version
     * @throws IOException if it cannot be told
     */
    Version version(Path path) throws IOException;

    /**
     * Tells whether two names are of one file.
     *
     * @param one a path
     * @param other a path
     * @return true if they are; false if one of them does not exist
     * @throws IOException if it cannot be told
     */
    boolean same(Path one, Path other) throws IOException;

    /**
     * Waits for a lock that one holder has at a time, of all threads and processes that use the same file for it.
     *
     * @param file is created if it does not exist
     * @return releases the lock when closed
     * @throws IOException if it cannot be had
     */
    Closeable lock(Path file) throws IOException;

    /**
     * Makes the entries of a directory durable as they are.
     *
     * @param directory the directory
     * @throws IOException if that failed or is not possible
     */
    void sync(Path directory) throws IOException;

    /** A file being written from front to back. Confined to one thread at a time. */
    interface Output extends Closeable {
        /**
         * Appends all remaining bytes of several buffers.
         *
         * @param srcs the buffers
         * @param count how many of them, from the first
         * @throws IOException if they cannot be written; positions are then anywhere
         */
        void write(ByteBuffer[] srcs, int count) throws IOException;

        /**
         * Makes the bytes and the length durable.
         *
         * @throws IOException if that failed; the file is then lost
         */
        void sync() throws IOException;
    }

    /** A file being read. Thread-safe; the interruption of one reader does not harm another. */
    interface Input extends Closeable {
        /**
         * Returns the length of the file.
         *
         * @return bytes
         */
        long length();

        /**
         * Reads some bytes.
         *
         * @param offset from the start of the file
         * @param dst takes the bytes; it has room
         * @return how many were read, at least 1, or -1 at the end
         * @throws IOException if they cannot be read
         */
        int read(long offset, ByteBuffer dst) throws IOException;
    }
}
