package io.slicekeep.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers bytes in blocks until they are committed. */
final class MemorySink extends GuardedSink {
    /** Where the finished blob goes. */
    @FunctionalInterface
    interface Target {
        void put(MemoryBlob blob) throws IOException;
    }

    private final Target target;
    private final Runnable end;
    private List<byte[]> blocks = new ArrayList<>();
    private byte[] last = new byte[0];
    private int lastBytes;

    MemorySink(Target target, Runnable end) {
        this.target = target;
        this.end = end;
    }

    @Override
    void append(ByteBuffer src) {
        while (src.hasRemaining()) {
            reserve(src.remaining());
            int part = Math.min(src.remaining(), last.length - lastBytes);
            src.get(last, lastBytes, part);
            lastBytes += part;
        }
    }

    @Override
    void publish() throws IOException {
        long lengthBytes = (long) blocks.size() * MemoryBlob.BLOCK_BYTES + lastBytes;
        blocks.add(Arrays.copyOf(last, lastBytes));
        target.put(new MemoryBlob(blocks, lengthBytes));
    }

    @Override
    void release() {
        end.run();
        blocks = new ArrayList<>();
        last = new byte[0];
    }

    /** Makes room for at least one more byte; the last block grows up to its full size. */
    private void reserve(int wantedBytes) {
        if (lastBytes == MemoryBlob.BLOCK_BYTES) {
            blocks.add(last);
            last = new byte[0];
            lastBytes = 0;
        }
        if (lastBytes == last.length) {
            long grown = Math.max(2L * last.length, lastBytes + (long) wantedBytes);
            last = Arrays.copyOf(last, (int) Math.min(MemoryBlob.BLOCK_BYTES, grown));
        }
    }
}
