package io.slicekeep.store;

import io.slicekeep.blob.BlobSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The manners of a sink, whatever it writes to: order of calls, sticky failures, positions that stay on an exception. */
abstract class GuardedSink implements BlobSink {
    private boolean committed;
    private boolean closed;
    private @Nullable IOException failure;

    /** Takes all remaining bytes. */
    abstract void append(ByteBuffer src) throws IOException;

    /** Takes all remaining bytes of the first {@code count} buffers. */
    void append(ByteBuffer[] srcs, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            append(srcs[i]);
        }
    }

    /** Makes the blob visible and durable. */
    abstract void publish() throws IOException;

    /** Releases everything; called once, and without the blob having been published it must never appear. */
    abstract void release() throws IOException;

    @Override
    public final int write(ByteBuffer src) throws IOException {
        requireWritable();
        int position = src.position();
        try {
            append(src);
            return src.position() - position;
        } catch (IOException | RuntimeException | Error e) {
            src.position(position);
            fail(e);
            throw e;
        }
    }

    @Override
    public final void write(ByteBuffer[] srcs, int count) throws IOException {
        Objects.checkFromIndexSize(0, count, srcs.length);
        requireWritable();
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[i] = srcs[i].position();
        }
        try {
            append(srcs, count);
        } catch (IOException | RuntimeException | Error e) {
            for (int i = 0; i < count; i++) {
                srcs[i].position(positions[i]);
            }
            fail(e);
            throw e;
        }
    }

    @Override
    public final void commit() throws IOException {
        requireWritable();
        try {
            publish();
            committed = true;
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        }
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    @Override
    public final void close() throws IOException {
        if (!closed) {
            closed = true;
            release();
        }
    }

    private void requireWritable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (committed) {
            throw new IllegalStateException("already committed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Memory may run out in the middle of a write: what was written by then must not be committed either. */
    private void fail(Throwable e) {
        failure = e instanceof IOException io ? io : new IOException("a former call failed", e);
    }
}
