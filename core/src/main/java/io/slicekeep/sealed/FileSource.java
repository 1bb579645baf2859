package io.slicekeep.sealed;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file that holds one sealed blob. Thread-safe, as positional reads of a file are. */
final class FileSource implements BlobSource {
    private final FileChannel file;

    FileSource(FileChannel file) {
        this.file = file;
    }

    @Override
    public long length() throws IOException {
        return file.size();
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        int position = dst.position();
        while (dst.hasRemaining()) {
            int readBytes = file.read(dst, offset + dst.position() - position);
            if (readBytes < 0) {
                return dst.position() > position ? dst.position() - position : -1;
            }
        }
        return dst.position() - position;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
