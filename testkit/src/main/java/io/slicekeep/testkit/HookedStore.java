package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A store that runs a hook before each call and another one after it. A hook may wait, or throw: before the call it fails it, after
 * it only the answer is lost. A test changes them while things run. Counts its calls and what is left open. A source that failed once fails for ever, as
 * a channel that was closed by an interrupt does. As thread-safe as the store below.
 */
public final class HookedStore extends ForwardingStore {
    /** What is asked of a store. */
    public enum Call {
        /** {@link BlobStore#create}. */
        CREATE,
        /** {@link BlobSink#write(ByteBuffer)}, gathered or not. */
        WRITE,
        /** {@link BlobSink#commit}. */
        COMMIT,
        /** {@link BlobStore#open}. */
        OPEN,
        /** {@link BlobSource#readAt}. */
        READ,
        /** {@link BlobStore#delete}. */
        DELETE,
        /** {@link BlobStore#list}. */
        LIST
    }

    /** What happens before or after a call. */
    @FunctionalInterface
    public interface Hook {
        /** Lets every call pass. */
        Hook NONE = call -> {};

        /** Fails every call, as a site does that cannot be reached. */
        Hook AWAY = call -> {
            throw new UnavailableException("away");
        };

        /**
         * Runs before or after a call.
         *
         * @param call which
         * @throws IOException what the caller gets
         */
        void run(Call call) throws IOException;
    }

    private final Map<Call, AtomicLong> counts = new EnumMap<>(Call.class);
    private final AtomicLong readBytes = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private volatile Hook before = Hook.NONE;
    private volatile Hook after = Hook.NONE;

    /**
     * Creates the store.
     *
     * @param below where calls go that pass; closed with this store
     */
    public HookedStore(BlobStore below) {
        super(below);
        for (Call call : Call.values()) {
            counts.put(call, new AtomicLong());
        }
    }

    /**
     * Changes what happens before each call.
     *
     * @param hook from now on
     */
    public void before(Hook hook) {
        before = hook;
    }

    /**
     * Changes what happens after each call that succeeded.
     *
     * @param hook from now on
     */
    public void after(Hook hook) {
        after = hook;
    }

    /**
     * Returns how often a call was asked for.
     *
     * @param call which
     * @return the count, of passed and failed ones
     */
    public long count(Call call) {
        AtomicLong count = counts.get(call);
        return count == null ? 0 : count.get();
    }

    /**
     * Returns how many bytes were read.
     *
     * @return the sum over all sources
     */
    public long readBytes() {
        return readBytes.get();
    }

    /**
     * Returns how many sinks and sources are not closed yet.
     *
     * @return 0 when their users have cleaned up
     */
    public long leftOpen() {
        return open.get();
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        begin(Call.CREATE);
        BlobSink sink = super.create(key);
        after.run(Call.CREATE);
        return new Sink(sink);
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        begin(Call.OPEN);
        BlobSource source = super.open(key);
        after.run(Call.OPEN);
        return new Source(source);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        begin(Call.DELETE);
        super.delete(key);
        after.run(Call.DELETE);
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        begin(Call.LIST);
        Listing listing = super.list(prefix, after, limit);
        this.after.run(Call.LIST);
        return listing;
    }

    private void begin(Call call) throws IOException {
        AtomicLong count = counts.get(call);
        if (count != null) {
            count.incrementAndGet();
        }
        before.run(call);
    }

    /** Counts itself as open until it is closed. */
    private final class Opened {
        private final AtomicBoolean closed = new AtomicBoolean();

        Opened() {
            open.incrementAndGet();
        }

        void close() {
            if (closed.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        }
    }

    private final class Sink extends ForwardingSink {
        private final Opened opened = new Opened();

        Sink(BlobSink below) {
            super(below);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            begin(Call.WRITE);
            int count = super.write(src);
            after.run(Call.WRITE);
            return count;
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            begin(Call.WRITE);
            super.write(srcs, count);
            after.run(Call.WRITE);
        }

        @Override
        public void commit() throws IOException {
            begin(Call.COMMIT);
            super.commit();
            after.run(Call.COMMIT);
        }

        @Override
        public void close() throws IOException {
            opened.close();
            super.close();
        }
    }

    private final class Source extends ForwardingSource {
        private final Opened opened = new Opened();
        private volatile @Nullable IOException failure;

        Source(BlobSource below) {
            super(below);
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            IOException earlier = failure;
            if (earlier != null) {
                throw earlier;
            }
            try {
                begin(Call.READ);
                int count = super.readAt(offset, dst);
                readBytes.addAndGet(Math.max(0, count));
                after.run(Call.READ);
                return count;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            opened.close();
            super.close();
        }
    }
}
