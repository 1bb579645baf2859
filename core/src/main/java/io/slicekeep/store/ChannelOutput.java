package io.slicekeep.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/** Writes a file through a channel. */
final class ChannelOutput implements FileLayer.Output {
    /** The JDK keeps a direct copy as large as the largest heap buffer that a thread ever wrote or read at once. */
    static final int HEAP_PART_BYTES = 1 << 17;

    private final FileChannel channel;

    ChannelOutput(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(ByteBuffer[] srcs, int count) throws IOException {
        try {
            if (count > 1 && allDirect(srcs, count)) {
                gather(srcs, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                writeAll(srcs[i]);
            }
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(true);
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    static InterruptedIOException interrupted(ClosedByInterruptException cause) {
        InterruptedIOException e = new InterruptedIOException("interrupted in a file operation");
        e.initCause(cause);
        return e;
    }

    private void gather(ByteBuffer[] srcs, int count) throws IOException {
        for (int first = 0; first < count; ) {
            if (srcs[first].hasRemaining()) {
                channel.write(srcs, first, count - first);
            } else {
                first++;
            }
        }
    }

    private void writeAll(ByteBuffer src) throws IOException {
        int limit = src.limit();
        try {
            while (src.position() < limit) {
                int partBytes = src.isDirect() ? Integer.MAX_VALUE : HEAP_PART_BYTES;
                channel.write(src.limit(src.position() + Math.min(partBytes, limit - src.position())));
            }
        } finally {
            src.limit(limit);
        }
    }

    private static boolean allDirect(ByteBuffer[] srcs, int count) {
        for (int i = 0; i < count; i++) {
            if (!srcs[i].isDirect()) {
                return false;
            }
        }
        return true;
    }
}
