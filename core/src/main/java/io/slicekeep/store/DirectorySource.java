package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.BlobNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a blob's file; it stays readable after its deletion, as open files do. */
final class DirectorySource implements BlobSource {
    private final Path root;
    private final BlobKey key;
    private final FileLayer.Input input;
    private volatile boolean closed;

    DirectorySource(Path root, BlobKey key, FileLayer.Input input) {
        this.root = root;
        this.key = key;
        this.input = input;
    }

    @Override
    public long length() {
        requireOpen();
        return input.length();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        requireOpen();
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be >= 0: offset=" + offset);
        }
        if (!dst.hasRemaining()) {
            return 0;
        }
        if (offset >= input.length()) {
            return -1;
        }
        int position = dst.position();
        try {
            return DirectoryErrors.explaining(root, "read blob " + key, () -> readUntilFull(offset, dst));
        } catch (IOException e) {
            dst.position(position);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        input.close();
    }

    private int readUntilFull(long offset, ByteBuffer dst) throws IOException {
        int total = 0;
        try {
            while (dst.hasRemaining()) {
                int part = input.read(offset + total, dst);
                if (part < 0) {
                    break;
                }
                total += part;
            }
        } catch (NoSuchFileException e) {
            throw new BlobNotFoundException("blob " + key + " in " + root + " was deleted while it was read", e);
        }
        return total == 0 ? -1 : total;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }
}
