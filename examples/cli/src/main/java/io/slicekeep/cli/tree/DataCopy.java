package io.slicekeep.cli.tree;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.cli.ui.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Copies bytes. */
public final class DataCopy {
    private static final int BUFFER_BYTES = 1 << 20;

    private DataCopy() {}

    /**
     * Copies a channel to its end.
     *
     * @param source where from
     * @param target where to
     * @param mostBytes stops once more than so many were copied
     * @param progress counts them
     * @return how many bytes were copied
     * @throws IOException if reading or writing fails
     */
    public static long copy(ReadableByteChannel source, WritableByteChannel target, long mostBytes, Progress progress)
            throws IOException {
        ByteBuffer buffer = buffer(mostBytes);
        long copiedBytes = 0;
        while (copiedBytes <= mostBytes && source.read(buffer) >= 0) {
            copiedBytes += drain(buffer, target, progress);
        }
        return copiedBytes;
    }

    /**
     * Copies a part of a blob.
     *
     * @param source where from
     * @param offset of the part
     * @param bytes its length
     * @param target where to
     * @param progress counts them
     * @throws IOException if reading or writing fails
     */
    public static void copy(BlobSource source, long offset, long bytes, WritableByteChannel target, Progress progress)
            throws IOException {
        ByteBuffer buffer = buffer(bytes);
        long end = offset + bytes;
        for (long at = offset; at < end; ) {
            buffer.limit((int) Math.min(buffer.capacity(), end - at));
            source.readFullyAt(at, buffer);
            at += drain(buffer, target, progress);
        }
    }

    /** Returns a file's checksum, as listings tell it. */
    static int crc32c(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                crc.update(buffer);
                buffer.clear();
            }
        }
        return (int) crc.getValue();
    }

    /** Small enough for a small file: most are. */
    private static ByteBuffer buffer(long mostBytes) {
        return ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, Math.max(1, mostBytes) + 1));
    }

    private static int drain(ByteBuffer buffer, WritableByteChannel target, Progress progress) throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        while (buffer.hasRemaining()) {
            target.write(buffer);
        }
        buffer.clear();
        progress.add(bytes);
        return bytes;
    }
}
