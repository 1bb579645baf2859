package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.BlobNotFoundException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh store for each test, and what the tests do with stores in many places. */
abstract class BlobStoreFixture {
    /** The store under test. */
    private @Nullable BlobStore store;

    BlobStoreFixture() {}

    /**
     * Makes the store under test.
     *
     * @return a new, empty store
     * @throws IOException if it cannot be made
     */
    protected abstract BlobStore newStore() throws IOException;

    @BeforeEach
    final void openStore() throws IOException {
        store = newStore();
    }

    @AfterEach
    final void closeStore() throws IOException {
        store().close();
    }

    final BlobStore store() {
        if (store == null) {
            throw new IllegalStateException("not set up");
        }
        return store;
    }

    /** Buffers of 120 bytes, made in different ways. */
    static final List<Supplier<ByteBuffer>> SHAPES = List.of(
            () -> ByteBuffer.allocate(120),
            () -> ByteBuffer.allocateDirect(120),
            () -> ByteBuffer.allocate(150).position(20).slice().limit(120).slice(),
            () -> ByteBuffer.allocateDirect(150).position(20).slice().limit(120).slice(),
            () -> ByteBuffer.allocate(120).order(ByteOrder.LITTLE_ENDIAN));

    /** A buffer with 100 bytes between its position and its limit, and others around them. */
    static ByteBuffer shaped(Supplier<ByteBuffer> shape) {
        return shape.get().put(0, bytes(5, 120)).limit(107).position(7);
    }

    static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessage("closed");
    }

    static BlobKey key(String text) {
        return BlobKey.of(text);
    }

    /** Bytes that differ at each offset and for each seed. */
    static byte[] bytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    final void put(String key, byte[] content) throws IOException {
        try (BlobSink sink = store().create(key(key))) {
            sink.write(ByteBuffer.wrap(content));
            sink.commit();
        }
    }

    /** Puts a blob whose content is its key. */
    final void put(String key) throws IOException {
        put(key, key.getBytes(StandardCharsets.US_ASCII));
    }

    final byte[] get(String key) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BlobSource source = store().open(key(key))) {
            source.transferTo(Channels.newChannel(out));
        }
        return out.toByteArray();
    }

    final void assertAbsent(String key) {
        assertThatThrownBy(() -> store().open(key(key)).close()).isInstanceOf(BlobNotFoundException.class);
    }

    final List<String> list() throws IOException {
        return list("", null, Integer.MAX_VALUE);
    }

    /** Lists page by page, to the end. */
    final List<String> list(String prefix, @Nullable String after, int limit) throws IOException {
        List<String> keys = new ArrayList<>();
        BlobKey last = after == null ? null : key(after);
        while (true) {
            Listing page = store().list(new KeyPrefix(prefix), last, limit);
            if (page.keys().size() > limit) {
                throw new AssertionError("a page of at most " + limit + " keys has "
                        + page.keys().size());
            }
            page.keys().forEach(key -> keys.add(key.value()));
            if (!page.more()) {
                return keys;
            }
            last = page.keys().get(page.keys().size() - 1);
        }
    }

    /** Something done with a key. */
    @FunctionalInterface
    interface KeyAction {
        void run(String key) throws IOException;
    }

    /** Does something with each key, on a few threads because stores wait for disks. */
    static void eachOf(Collection<String> keys, KeyAction action) throws Exception {
        Queue<String> rest = new ConcurrentLinkedQueue<>(keys);
        together(Collections.nCopies(8, () -> {
            for (String key = rest.poll(); key != null; key = rest.poll()) {
                action.run(key);
            }
            return keys;
        }));
    }

    /** Runs work on several threads that begin together; the first failure is thrown. */
    static <T> List<T> together(List<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        CyclicBarrier start = new CyclicBarrier(work.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> each : work) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
