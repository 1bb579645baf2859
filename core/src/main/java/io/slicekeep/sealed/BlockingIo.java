package io.slicekeep.sealed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;

/** Whole reads and writes on channels that may do less than asked. */
final class BlockingIo {
    private BlockingIo() {}

    /** Refuses channels on which the loops below would spin. */
    static <C extends Channel> C requireBlocking(C channel) {
        if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        return channel;
    }

    static void writeFully(WritableByteChannel target, ByteBuffer src) throws IOException {
        while (src.hasRemaining()) {
            target.write(src);
        }
    }

    /** Reads until {@code dst} is full or the channel ends. */
    static void readFully(ReadableByteChannel source, ByteBuffer dst) throws IOException {
        while (dst.hasRemaining()) {
            if (source.read(dst) < 0) {
                return;
            }
        }
    }
}
