package io.slicekeep.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A site's files as whoever runs the site sees them: looks at them, and does them harm. */
final class SiteFiles {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path directory;

    SiteFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * What a site holds.
     *
     * @param records files that name an object, and hold its slice if it is small
     * @param slices files that hold a slice of a large object
     * @param bytes of all files
     */
    record Contents(long records, long slices, long bytes) {}

    Contents contents() throws IOException {
        long bytes = 0;
        for (Path file : all()) {
            bytes += Files.size(file);
        }
        return new Contents(in("h@").size(), in("b@").size(), bytes);
    }

    /** Returns every file. */
    List<Path> all() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** Flips one byte in the middle of each record and slice, and returns how many. */
    int rot() throws IOException {
        List<Path> files = new ArrayList<>(in("h@"));
        files.addAll(in("b@"));
        for (Path file : files) {
            flipMiddle(file);
        }
        return files.size();
    }

    void destroy() throws IOException {
        delete(directory);
    }

    /** Deletes a tree without following links. */
    static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                if (!Files.isWritable(path)) {
                    Files.setAttribute(path, "unix:mode", 0b111_000_000);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) throws IOException {
                Files.delete(path);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Returns whether a file's name or contents hold some bytes. */
    static boolean holds(Path file, byte[] wanted) throws IOException {
        if (file.toString().contains(new String(wanted, StandardCharsets.US_ASCII))) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, channel.size() + 1));
            while (channel.read(buffer) >= 0) {
                if (indexOf(buffer.array(), buffer.position(), wanted) >= 0) {
                    return true;
                }
                keepTail(buffer, wanted.length - 1);
            }
            return false;
        }
    }

    /** Moves the last bytes to the front: what is looked for may straddle two reads. */
    private static void keepTail(ByteBuffer buffer, int bytes) {
        buffer.flip();
        buffer.position(Math.max(0, buffer.limit() - bytes));
        buffer.compact();
    }

    private static int indexOf(byte[] bytes, int end, byte[] wanted) {
        for (int i = 0; i <= end - wanted.length; i++) {
            if (bytes[i] == wanted[0] && matches(bytes, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] bytes, int offset, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[offset + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static void flipMiddle(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long middle = channel.size() / 2;
            ByteBuffer one = ByteBuffer.allocate(1);
            if (channel.read(one, middle) == 1) {
                one.put(0, (byte) ~one.get(0)).flip();
                channel.write(one, middle);
            }
        }
    }

    /** A directory store keeps the records below a directory {@code h@} and the slices below {@code b@}. */
    private List<Path> in(String part) throws IOException {
        return all().stream()
                .filter(file -> {
                    Path relative = directory.relativize(file);
                    return relative.getNameCount() > 3
                            && relative.getName(2).toString().equals(part);
                })
                .toList();
    }
}
