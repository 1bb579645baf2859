package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears under its name only when it is whole: written under another name beside it, then renamed. Closing
 * without commit leaves nothing. Confined to one thread.
 */
public final class NewFile implements AutoCloseable {
    private static final int SPECIAL_BITS = 0b110_000_000_000;

    private final Path path;
    private final Path temporary;
    private final FileChannel channel;
    private final boolean replace;
    private boolean committed;

    private NewFile(Path path, Path temporary, FileChannel channel, boolean replace) {
        this.path = path;
        this.temporary = temporary;
        this.channel = channel;
        this.replace = replace;
    }

    /**
     * Starts a file.
     *
     * @param path its name
     * @param replace whether a file that has the name is overwritten
     * @return the file, to be closed by the caller
     * @throws IOException if it cannot be created, or the name is taken
     */
    public static NewFile create(Path path, boolean replace) throws IOException {
        if (!replace && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(path);
        }
        Path temporary = temporary(path);
        FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        return new NewFile(path, temporary, channel, replace);
    }

    /**
     * Returns where its contents go.
     *
     * @return a channel that this file closes
     */
    public FileChannel channel() {
        return channel;
    }

    /**
     * Gives the file its name, once it is on the disk.
     *
     * @throws IOException if it cannot be renamed, or the name was taken meanwhile
     */
    public void commit() throws IOException {
        if (channel.isOpen()) {
            channel.force(true);
        }
        name();
    }

    private void name() throws IOException {
        channel.close();
        rename(temporary, path, replace);
        committed = true;
    }

    /** Gives the file its attributes, then its name; the next get would find out if a crash took what it holds. */
    void commit(StoredAttributes attributes) throws IOException {
        channel.close();
        apply(temporary, attributes);
        name();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }

    /** Creates a link under its name. */
    static void createLink(Path path, Path target, boolean replace, StoredAttributes attributes) throws IOException {
        Path temporary = Files.createSymbolicLink(temporary(path), target);
        try {
            Files.getFileAttributeView(temporary, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(FileTime.from(attributes.modified()), null, null);
            rename(temporary, path, replace);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Sets time and mode, the mode last: it may forbid everything else. A file comes back without its set-user-id and
     * set-group-id bits: its owner is not kept, so they would lend the rights of whoever restores it.
     */
    static void apply(Path path, StoredAttributes attributes) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(attributes.modified()));
        if (attributes.mode() >= 0
                && path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            boolean file = attributes.kind() == FileKind.FILE;
            Files.setAttribute(path, "unix:mode", file ? attributes.mode() & ~SPECIAL_BITS : attributes.mode());
        }
    }

    private static void rename(Path from, Path to, boolean replace) throws IOException {
        try {
            if (replace) {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(from, to);
            }
        } catch (FileAlreadyExistsException e) {
            throw taken(to);
        }
    }

    private static Path temporary(Path path) {
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return path.resolveSibling(".slicekeep-" + random + ".part");
    }

    private static CommandException taken(Path path) {
        return new CommandException(ExitCode.EXISTS, path + " exists: --force overwrites it");
    }
}
