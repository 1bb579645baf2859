package io.slicekeep.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * Reads a file through a channel at explicit offsets. The JDK closes a channel when a thread is interrupted in it, also for
 * the other threads that read; these find it closed and open the file again.
 */
final class ChannelInput implements FileLayer.Input {
    /** Opens the file, also again. */
    @FunctionalInterface
    interface Opener {
        FileChannel open() throws IOException;
    }

    private final Opener opener;
    private final long lengthBytes;
    private volatile FileChannel channel;
    private boolean closed; // under this object's lock

    ChannelInput(Opener opener, long lengthBytes) throws IOException {
        this.opener = opener;
        this.lengthBytes = lengthBytes;
        this.channel = opener.open();
    }

    @Override
    public long length() {
        return lengthBytes;
    }

    @Override
    public int read(long offset, ByteBuffer dst) throws IOException {
        while (true) {
            FileChannel current = channel;
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted before a read");
                }
                return readPart(current, offset, dst);
            } catch (ClosedByInterruptException e) {
                throw ChannelOutput.interrupted(e);
            } catch (ClosedChannelException e) {
                reopen(current);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    private synchronized void reopen(FileChannel broken) throws IOException {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (channel == broken) {
            channel = opener.open();
        }
    }

    private static int readPart(FileChannel channel, long offset, ByteBuffer dst) throws IOException {
        int limit = dst.limit();
        int partBytes = dst.isDirect() ? dst.remaining() : Math.min(dst.remaining(), ChannelOutput.HEAP_PART_BYTES);
        try {
            return channel.read(dst.limit(dst.position() + partBytes), offset);
        } finally {
            dst.limit(limit);
        }
    }
}
