package io.slicekeep.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;

/** Whole reads and writes on channels that may do less than asked. */
public final class BlockingIo {
    private BlockingIo() {}

    /**
     * Refuses channels on which the loops below would spin.
     *
     * @param <C> its type
     * @param channel any channel
     * @return the channel
     * @throws IllegalBlockingModeException if it does not block
     */
    public static <C extends Channel> C requireBlocking(C channel) {
        if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        return channel;
    }

    /**
     * Writes all that remains.
     *
     * @param target takes it
     * @param src what is written
     * @throws IOException if the channel fails
     */
    public static void writeFully(WritableByteChannel target, ByteBuffer src) throws IOException {
        while (src.hasRemaining()) {
            target.write(src);
        }
    }

    /**
     * Reads until {@code dst} is full or the channel ends.
     *
     * @param source what is read
     * @param dst takes it
     * @throws IOException if the channel fails
     */
    public static void readFully(ReadableByteChannel source, ByteBuffer dst) throws IOException {
        while (dst.hasRemaining()) {
            if (source.read(dst) < 0) {
                return;
            }
        }
    }
}
