package io.slicekeep.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The operating system's files, through {@code java.nio.file}. */
final class SystemFileLayer implements FileLayer {
    static final SystemFileLayer INSTANCE = new SystemFileLayer();

    /** The locks of files are between processes; inside of one, the JDK leaves it to us. */
    private static final ReentrantLock LOCKS = new ReentrantLock();

    private SystemFileLayer() {}

    @Override
    public Output create(Path file) throws IOException {
        return new ChannelOutput(FileChannel.open(file, CREATE_NEW, WRITE));
    }

    @Override
    public Input open(Path file) throws IOException {
        OptionalLong lengthBytes = length(file);
        if (lengthBytes.isEmpty()) {
            throw new NoSuchFileException(file.toString());
        }
        return new ChannelInput(() -> FileChannel.open(file, READ, NOFOLLOW_LINKS), lengthBytes.getAsLong());
    }

    @Override
    public OptionalLong length(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void link(Path file, Path link) throws IOException {
        Files.createLink(link, file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void list(Path directory, Consumer<String> names) throws IOException {
        if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
            throw Files.exists(directory, NOFOLLOW_LINKS)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString());
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.accept(entry.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** The status change time where there is one: unlike the modification time it cannot be set back by a tool. */
    @Override
    public Version version(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Map<String, Object> attributes =
                    new HashMap<>(Files.readAttributes(path, "unix:ino,dev,ctime", NOFOLLOW_LINKS));
            FileTime changed = (FileTime) Objects.requireNonNull(attributes.remove("ctime"));
            return new Version(attributes, changed);
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
        return new Version(attributes.creationTime(), attributes.lastModifiedTime());
    }

    @Override
    public boolean same(Path one, Path other) throws IOException {
        try {
            return Files.isSameFile(one, other);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        LOCKS.lock();
        try {
            FileChannel channel = lockedChannel(file);
            return () -> unlock(channel);
        } catch (IOException | RuntimeException e) {
            LOCKS.unlock();
            throw e;
        }
    }

    private static FileChannel lockedChannel(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, WRITE);
        try {
            channel.lock();
            return channel;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("another copy of this library in the same JVM holds the lock " + file, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void unlock(FileChannel channel) throws IOException {
        try {
            channel.close();
        } finally {
            LOCKS.unlock();
        }
    }

    /** Not to be stopped by an interrupt: it follows a change that has already been made. */
    @Override
    public void sync(Path directory) throws IOException {
        boolean interrupted = false;
        try {
            while (!trySync(directory)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean trySync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        }
    }
}
