package io.slicekeep.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * A blob as a read-only channel with a position; {@link java.nio.channels.Channels#newInputStream} makes a stream of it.
 * Confined to one thread at a time; several channels may share a source.
 */
public final class BlobChannel implements SeekableByteChannel {
    private final BlobSource source;
    private final boolean ownsSource;
    private long position;
    private boolean closed;

    private BlobChannel(BlobSource source, boolean ownsSource) {
        this.source = source;
        this.ownsSource = ownsSource;
    }

    /**
     * Returns a channel that closes the source when it is closed.
     *
     * @param source the blob
     * @return the channel, at position 0
     */
    public static BlobChannel owning(BlobSource source) {
        return new BlobChannel(source, true);
    }

    /**
     * Returns a channel that leaves the source open when it is closed.
     *
     * @param source the blob
     * @return the channel, at position 0
     */
    public static BlobChannel over(BlobSource source) {
        return new BlobChannel(source, false);
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        requireOpen();
        int readBytes = source.readAt(position, dst);
        position += Math.max(readBytes, 0);
        return readBytes;
    }

    @Override
    public long position() throws IOException {
        requireOpen();
        return position;
    }

    /**
     * Moves. A position at or behind the end is allowed; reading there gives -1.
     *
     * @param newPosition at least 0
     * @return this channel
     */
    @Override
    public BlobChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("newPosition must be >= 0: newPosition=" + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return source.length();
    }

    /** Always refuses: blobs are immutable. */
    @Override
    public int write(ByteBuffer src) throws IOException {
        requireOpen();
        throw new NonWritableChannelException();
    }

    /** Always refuses: blobs are immutable. */
    @Override
    public BlobChannel truncate(long newBytes) throws IOException {
        requireOpen();
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            if (ownsSource) {
                source.close();
            }
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }
}
