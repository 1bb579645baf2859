package io.slicekeep.sealed;

import io.slicekeep.blob.BlobSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Seals into a sink of the store beneath, and commits it when the last chunk is in it. */
final class SealedSink implements BlobSink {
    private final BlobSink target;
    private final BlobSealer sealer;
    private @Nullable IOException failure;

    SealedSink(BlobSink target, BlobSealer sealer) {
        this.target = target;
        this.sealer = sealer;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        requireSound();
        return sealer.write(src);
    }

    @Override
    public void write(ByteBuffer[] srcs, int count) throws IOException {
        Objects.checkFromIndexSize(0, count, srcs.length);
        int[] positions = new int[count];
        Arrays.setAll(positions, i -> srcs[i].position());
        try {
            BlobSink.super.write(srcs, count);
        } catch (IOException | RuntimeException e) {
            for (int i = 0; i < count; i++) {
                srcs[i].position(positions[i]);
            }
            throw e;
        }
    }

    @Override
    public void commit() throws IOException {
        requireSound();
        sealer.finish();
        try {
            target.commit();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return sealer.isOpen();
    }

    @Override
    public void close() throws IOException {
        sealer.close();
        target.close();
    }

    /** A commit of the store beneath may fail after the blob has been sealed. */
    private void requireSound() throws IOException {
        if (failure != null && isOpen()) {
            throw failure;
        }
    }
}
