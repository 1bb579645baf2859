package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes a temporary file that becomes a blob. */
final class DirectorySink extends GuardedSink {
    private final BlobKey key;
    private final Path temporary;
    private final FileLayer.Output output;
    private final DirectoryCommit commit;
    private final ByteBuffer[] single = new ByteBuffer[1];

    DirectorySink(BlobKey key, Path temporary, FileLayer.Output output, DirectoryCommit commit) {
        this.key = key;
        this.temporary = temporary;
        this.output = output;
        this.commit = commit;
    }

    @Override
    void append(ByteBuffer src) throws IOException {
        single[0] = src;
        append(single, 1);
    }

    @Override
    void append(ByteBuffer[] srcs, int count) throws IOException {
        DirectoryErrors.explaining(commit.root(), "write a blob", () -> {
            output.write(srcs, count);
            return key;
        });
    }

    @Override
    void publish() throws IOException {
        DirectoryErrors.explaining(commit.root(), "commit blob " + key, () -> {
            output.sync();
            output.close();
            commit.commit(temporary, key);
            return key;
        });
    }

    @Override
    void release() throws IOException {
        try {
            output.close();
        } finally {
            commit.discard(temporary);
        }
    }
}
