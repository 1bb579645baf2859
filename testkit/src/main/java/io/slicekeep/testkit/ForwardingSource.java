package io.slicekeep.testkit;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A source that passes every call on, for others to change some of them. As thread-safe as the source below. */
public abstract class ForwardingSource implements BlobSource {
    private final BlobSource below;

    /**
     * Creates the source.
     *
     * @param below what calls are passed on to; closed with this source
     */
    protected ForwardingSource(BlobSource below) {
        this.below = below;
    }

    @Override
    public long length() throws IOException {
        return below.length();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        return below.readAt(offset, dst);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
