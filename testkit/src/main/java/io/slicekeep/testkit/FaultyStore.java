package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.testkit.Faults.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A store whose calls fail now and then, as those of disks and networks do, or all of them while it is away. It fails
 * honestly: what it answers is true. Thread-safe if the store below is.
 */
public final class FaultyStore extends ForwardingStore {
    private volatile Faults faults;
    private volatile boolean away;

    /**
     * Creates the store.
     *
     * @param below where blobs lie; closed with this store
     * @param faults which calls fail
     */
    public FaultyStore(BlobStore below, Faults faults) {
        super(below);
        this.faults = faults;
    }

    /**
     * Changes which calls fail from now on.
     *
     * @param changed decides from now on
     */
    public void faults(Faults changed) {
        faults = changed;
    }

    /** Lets every call fail from now on, also of sinks and sources that are open. */
    public void goAway() {
        away = true;
    }

    /** Ends {@link #goAway()}. */
    public void comeBack() {
        away = false;
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        return call("create " + key, () -> new Sink(key, super.create(key)), BlobSink::close);
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        return call("open " + key, () -> new Source(key, super.open(key)), BlobSource::close);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        call("delete " + key, () -> {
            super.delete(key);
            return key;
        });
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        return call("list " + prefix, () -> super.list(prefix, after, limit));
    }

    /** What is done with a result that its caller never gets. */
    private interface Disposal<T> {
        void accept(T result) throws IOException;
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T call(String name, Call<T> call) throws IOException {
        return call(name, call, result -> {});
    }

    private <T> T call(String name, Call<T> call, Disposal<T> disposal) throws IOException {
        Fault fault = next(name);
        if (fault == Fault.BEFORE) {
            throw new IOException("injected fault before " + name);
        }
        T result = call.run();
        if (fault == Fault.AFTER) {
            disposal.accept(result);
            throw new IOException("injected fault after " + name);
        }
        return result;
    }

    private Fault next(String name) throws UnavailableException {
        if (away) {
            throw new UnavailableException("away: " + name);
        }
        return faults.next(name);
    }

    private final class Sink extends ForwardingSink {
        private final BlobKey key;
        private @Nullable IOException failure;

        Sink(BlobKey key, BlobSink below) {
            super(below);
            this.key = key;
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            beforeWrite();
            return super.write(src);
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            beforeWrite();
            super.write(srcs, count);
        }

        @Override
        public void commit() throws IOException {
            Fault fault = isOpen() ? nextOrFail("commit " + key) : Fault.NONE;
            if (fault == Fault.BEFORE) {
                throw fail(new IOException("injected fault before commit " + key));
            }
            super.commit();
            if (fault == Fault.AFTER) {
                throw fail(new OutcomeUnknownException("injected fault after commit " + key));
            }
        }

        private void beforeWrite() throws IOException {
            if (isOpen() && nextOrFail("write " + key) != Fault.NONE) {
                throw fail(new IOException("injected fault in write " + key));
            }
        }

        private Fault nextOrFail(String name) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                return next(name);
            } catch (UnavailableException e) {
                throw fail(e);
            }
        }

        private IOException fail(IOException e) {
            failure = e;
            return e;
        }
    }

    private final class Source extends ForwardingSource {
        private final BlobKey key;

        Source(BlobKey key, BlobSource below) {
            super(below);
            this.key = key;
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            int position = dst.position();
            try {
                return call("read " + key, () -> super.readAt(offset, dst));
            } catch (IOException e) {
                dst.position(position);
                throw e;
            }
        }
    }
}
