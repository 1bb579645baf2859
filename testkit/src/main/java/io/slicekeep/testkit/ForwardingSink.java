package io.slicekeep.testkit;

import io.slicekeep.blob.BlobSink;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A sink that passes every call on, for others to change some of them. Confined to one thread at a time. */
public abstract class ForwardingSink implements BlobSink {
    private final BlobSink below;

    /**
     * Creates the sink.
     *
     * @param below what calls are passed on to; closed with this sink
     */
    protected ForwardingSink(BlobSink below) {
        this.below = below;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return below.write(src);
    }

    @Override
    public void write(ByteBuffer[] srcs, int count) throws IOException {
        below.write(srcs, count);
    }

    @Override
    public void commit() throws IOException {
        below.commit();
    }

    @Override
    public boolean isOpen() {
        return below.isOpen();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
