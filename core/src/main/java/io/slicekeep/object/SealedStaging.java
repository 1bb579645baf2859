package io.slicekeep.object;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where the sealed bytes of an object go while its length is unknown: a buffer as long as they fit the head, from then on slices
 * at the sites. The buffer grows with what is written, so a small object costs a small one. Confined to one thread at
 * a time.
 */
final class SealedStaging implements WritableByteChannel {
    private static final int FIRST_BYTES = 1024;

    private Namespace namespace;
    private final Target target;
    private final Condition condition;
    private final BlobId blobId;
    private final int maxInlineBytes;
    private ByteBuffer buffered = ByteBuffer.allocate(FIRST_BYTES);
    private long sealedBytes;
    private Heads.@Nullable Write write;
    private @Nullable DispersedSink sink;
    private boolean closed;

    SealedStaging(Namespace namespace, Target target, Condition condition, BlobId blobId) {
        this.namespace = namespace;
        this.target = target;
        this.condition = condition;
        this.blobId = blobId;
        this.maxInlineBytes = namespace.heads().maxInlineBytes();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        int bytes = src.remaining();
        if (sink == null && bytes <= maxInlineBytes - buffered.position()) {
            buffer(src);
        } else {
            disperse().write(src);
        }
        sealedBytes += bytes;
        return bytes;
    }

    long sealedBytes() {
        return sealedBytes;
    }

    /**
     * Returns the sink that took the bytes when they became too many for the head; null if they did not. A head may carry less than
     * when they began to come, if the profile was changed.
     */
    @Nullable
    DispersedSink sink() throws IOException {
        return buffered.position() > namespace.heads().maxInlineBytes() ? disperse() : sink;
    }

    /** Returns the sealed blob, if it fits the head. */
    ByteBuffer inline() {
        return buffered.duplicate().flip();
    }

    /** Returns the namespace under whose layout the write began. */
    Namespace namespace() {
        return namespace;
    }

    /** Returns the write under way, begun now unless slices had to be keyed by it before. */
    Heads.Write begun() throws IOException {
        if (write == null) {
            namespace = namespace.confirmed();
            write = namespace.heads().begin(target, condition);
        }
        return write;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Aborts the slices unless they were committed. Idempotent. */
    @Override
    public void close() throws IOException {
        closed = true;
        if (sink != null) {
            sink.close();
        }
    }

    private void buffer(ByteBuffer src) {
        if (src.remaining() > buffered.remaining()) {
            int neededBytes = buffered.position() + src.remaining();
            int roomBytes = (int) Math.min(maxInlineBytes, Math.max(neededBytes, 2L * buffered.capacity()));
            buffered = ByteBuffer.allocate(roomBytes).put(buffered.flip());
        }
        buffered.put(src);
    }

    private DispersedSink disperse() throws IOException {
        if (sink == null) {
            Revision revision = begun().revision();
            BlobKey base = namespace.format().slicesBase(target.name(), revision, 0);
            Spread spread = namespace.layout().spread(base, blobId);
            sink = namespace.facilities().dispersal().create(spread);
            sink.write(buffered.flip());
            buffered = ByteBuffer.allocate(0);
        }
        return sink;
    }
}
