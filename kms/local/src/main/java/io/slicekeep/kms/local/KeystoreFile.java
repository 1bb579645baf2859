package io.slicekeep.kms.local;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A keystore's file: read only if no one else can, replaced as a whole, durably, by one writer at a time. The lock is a file
 * beside it, {@code NAME.lock}, since the keystore itself is replaced. Immutable.
 */
final class KeystoreFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /**
     * Writers of this process, of whatever keystore. They must not reach the file's lock together: closing any channel of a
     * file gives up all locks that the process has on it (POSIX fcntl).
     */
    private static final Lock WRITERS = new ReentrantLock();

    private final Path path;
    private final boolean posix;

    private KeystoreFile(Path path) {
        this.path = path;
        this.posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Returns a file that must exist; through symbolic links, so that a change replaces the file and not the link. */
    static KeystoreFile existing(Path path) throws IOException {
        try {
            return new KeystoreFile(path.toRealPath());
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        }
    }

    /** Returns a file that is to be made. */
    static KeystoreFile fresh(Path path) {
        return new KeystoreFile(path.toAbsolutePath());
    }

    Path path() {
        return path;
    }

    /**
     * Reads the keys.
     *
     * @throws KeyUnavailableException if there is no file, or others can read it
     * @throws FormatException naming file and line
     */
    Keystore read() throws IOException {
        try {
            requireOwnerOnly();
            byte[] text = readText();
            try {
                return KeystoreText.parse(text, path.toString());
            } finally {
                Arrays.fill(text, (byte) 0);
            }
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        }
    }

    /**
     * Replaces the file, or makes it: after a crash at any time either the former or the new one stands.
     *
     * @throws IOException also if the keys are more than {@link #read} would take; the former file then stands
     */
    void replace(Keystore keystore) throws IOException {
        byte[] text = KeystoreText.print(keystore);
        Path fresh = path.resolveSibling("." + path.getFileName() + ".new");
        try {
            requireRoom(text);
            Files.deleteIfExists(fresh);
            try (FileChannel channel = open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(text));
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
        } finally {
            Arrays.fill(text, (byte) 0);
            Files.deleteIfExists(fresh);
        }
    }

    /** Runs a change while other writers wait, in this process and in others. */
    void locked(Action change) throws IOException {
        WRITERS.lock();
        try (FileChannel channel = open(
                path.resolveSibling(path.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            channel.lock();
            change.run();
        } finally {
            WRITERS.unlock();
        }
    }

    private void requireRoom(byte[] text) throws IOException {
        if (text.length > KeystoreText.MAX_BYTES) {
            throw new IOException("the keystore is full: it may have 1 MiB, and would have " + text.length
                    + " bytes; put further keys into another file: " + path);
        }
    }

    private void requireOwnerOnly() throws IOException {
        if (posix && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
            throw new KeyUnavailableException(
                    Reason.DENIED,
                    "a keystore must be readable by its owner only: chmod 600 " + path + " (its mode is "
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + ")");
        }
    }

    private byte[] readText() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long textBytes = channel.size();
            if (textBytes > KeystoreText.MAX_BYTES) {
                throw new FormatException(Kind.NOT_OURS, "not a keystore, since longer than 1 MiB: " + path);
            }
            ByteBuffer text = ByteBuffer.allocate((int) textBytes);
            while (text.hasRemaining() && channel.read(text) >= 0) {
                // until the end
            }
            return text.array();
        }
    }

    private FileChannel open(Path file, OpenOption... options) throws IOException {
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        return FileChannel.open(file, Set.of(options), attributes);
    }

    private static void writeFully(FileChannel channel, ByteBuffer text) throws IOException {
        while (text.hasRemaining()) {
            channel.write(text);
        }
    }

    private void forceDirectory() throws IOException {
        if (posix) {
            try (FileChannel directory = FileChannel.open(path.resolveSibling("."), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private static KeyUnavailableException missing(Path path, NoSuchFileException cause) {
        return new KeyUnavailableException(Reason.NO_SUCH_KEY, "there is no keystore " + path, cause);
    }

    /** A change of the file. */
    interface Action {
        void run() throws IOException;
    }
}
