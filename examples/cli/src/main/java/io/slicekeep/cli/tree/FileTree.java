package io.slicekeep.cli.tree;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Walks a file tree in the order in which a keep lists it: bytewise by whole names, where a directory's name ends with a
 * slash. Never follows a link.
 */
final class FileTree {
    private static final byte[] SLASH = {'/'};

    private FileTree() {}

    /** Gets what is found. */
    interface Visitor {
        /**
         * Gets a file, a link or a directory, which comes before what it holds.
         *
         * @param name relative to the root; a directory's ends with a slash, the root's is empty
         * @return whether to go into it, if it is a directory
         */
        boolean visit(byte[] name, Path path, FileStat stat) throws IOException;

        /** Gets what cannot be read. */
        void failed(Path path, IOException failure) throws IOException;
    }

    /** Walks. */
    static void walk(Path root, Visitor visitor) throws IOException {
        visit(new Child(new byte[0], root, FileStat.of(root)), visitor);
    }

    private static void visit(Child child, Visitor visitor) throws IOException {
        if (!visitor.visit(child.name, child.path, child.stat) || child.stat.kind() != FileKind.DIRECTORY) {
            return;
        }
        for (Child next : children(child, visitor)) {
            visit(next, visitor);
        }
    }

    private static List<Child> children(Child directory, Visitor visitor) throws IOException {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory.path)) {
            for (Path path : paths) {
                add(children, directory.name, path, visitor);
            }
        } catch (DirectoryIteratorException e) {
            visitor.failed(directory.path, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            visitor.failed(directory.path, e);
        }
        children.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
        return children;
    }

    private static void add(List<Child> children, byte[] parent, Path path, Visitor visitor) throws IOException {
        try {
            FileStat stat = FileStat.of(path);
            byte[] end = stat.kind() == FileKind.DIRECTORY ? SLASH : new byte[0];
            children.add(new Child(join(parent, PathBytes.lastName(path), end), path, stat));
        } catch (IOException e) {
            visitor.failed(path, e);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static final class Child {
        final byte[] name;
        final Path path;
        final FileStat stat;

        Child(byte[] name, Path path, FileStat stat) {
            this.name = name;
            this.path = path;
            this.stat = stat;
        }
    }
}
