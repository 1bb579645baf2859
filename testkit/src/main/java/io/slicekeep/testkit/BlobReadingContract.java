package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link BlobStoreContract} says of reading. */
abstract class BlobReadingContract extends BlobListingContract {
    BlobReadingContract() {}

    @Test
    void everyRangeIsRead() throws Exception {
        byte[] content = bytes(1, 70_000);
        put("a", content);
        int[] edges = {0, 1, 2, 4095, 4096, 65_535, 65_536, 65_537, 69_999, 70_000};
        try (BlobSource source = store().open(key("a"))) {
            for (int from : edges) {
                for (int to : edges) {
                    if (from < to) {
                        ByteBuffer dst = ByteBuffer.allocate(to - from);
                        assertThat(source.readAt(from, dst)).isEqualTo(to - from);
                        assertThat(dst.array()).isEqualTo(Arrays.copyOfRange(content, from, to));
                    }
                }
            }
        }
    }

    @Test
    void aReadEndsWhereTheBlobEnds() throws Exception {
        put("a", bytes(1, 10));
        try (BlobSource source = store().open(key("a"))) {
            ByteBuffer dst = ByteBuffer.allocate(100);
            assertThat(source.readAt(4, dst)).isEqualTo(6);
            assertThat(dst.position()).isEqualTo(6);
            assertThatThrownBy(() -> source.readFullyAt(4, ByteBuffer.allocate(7)))
                    .isInstanceOf(EOFException.class);
            source.readFullyAt(4, ByteBuffer.allocate(6));
        }
    }

    @Test
    void nothingIsReadAtOrBeyondTheEnd() throws Exception {
        put("empty", new byte[0]);
        put("a", bytes(1, 10));
        long[] beyond = {10, 11, Integer.MAX_VALUE, 1L << 31, 1L << 32, (1L << 32) + 5, 1L << 62, Long.MAX_VALUE};
        try (BlobSource source = store().open(key("a"));
                BlobSource empty = store().open(key("empty"))) {
            ByteBuffer dst = ByteBuffer.allocate(4);
            for (long offset : beyond) {
                assertThat(source.readAt(offset, dst)).as("offset %d", offset).isEqualTo(-1);
                assertThat(empty.readAt(offset, dst)).as("offset %d", offset).isEqualTo(-1);
            }
            assertThat(empty.readAt(0, dst)).isEqualTo(-1);
            assertThat(dst.position()).isZero();
        }
    }

    @Test
    void aTargetWithoutRoomTakesNothingAnywhere() throws Exception {
        put("a", bytes(1, 10));
        try (BlobSource source = store().open(key("a"))) {
            for (long offset : new long[] {0, 5, 10, 11, 1L << 32}) {
                assertThat(source.readAt(offset, ByteBuffer.allocate(0))).isZero();
            }
        }
    }

    @Test
    void aNegativeOffsetIsRefused() throws Exception {
        put("a", bytes(1, 10));
        try (BlobSource source = store().open(key("a"))) {
            for (long offset : new long[] {-1, Integer.MIN_VALUE, Long.MIN_VALUE}) {
                assertThatIllegalArgumentException().isThrownBy(() -> source.readAt(offset, ByteBuffer.allocate(1)));
            }
        }
    }

    @Test
    void everyShapeOfBufferIsFilledFromPositionToLimit() throws Exception {
        byte[] content = bytes(1, 1000);
        put("a", content);
        try (BlobSource source = store().open(key("a"))) {
            for (Supplier<ByteBuffer> shape : SHAPES) {
                ByteBuffer dst = shaped(shape);
                ByteOrder order = dst.order();
                assertThat(source.readAt(300, dst)).isEqualTo(100);
                assertThat(dst.position()).isEqualTo(107);
                assertThat(dst.limit()).isEqualTo(107);
                assertThat(dst.order()).isEqualTo(order);
                byte[] expected = bytes(5, 120);
                System.arraycopy(content, 300, expected, 7, 100);
                byte[] found = new byte[120];
                dst.clear().get(0, found);
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    @Test
    void aReadOnlyTargetIsRefused() throws Exception {
        put("a", bytes(1, 10));
        try (BlobSource source = store().open(key("a"))) {
            ByteBuffer dst = ByteBuffer.allocate(4).asReadOnlyBuffer();
            assertThatThrownBy(() -> source.readAt(0, dst)).isInstanceOf(RuntimeException.class);
            assertThat(dst.position()).isZero();
        }
    }

    @Test
    void readsMayOverlap() throws Exception {
        byte[] content = bytes(1, 100_000);
        put("a", content);
        try (BlobSource source = store().open(key("a"))) {
            List<Callable<Void>> readers = new ArrayList<>();
            for (int reader = 0; reader < 4; reader++) {
                Random random = new Random(reader);
                readers.add(() -> {
                    for (int i = 0; i < 100; i++) {
                        int from = random.nextInt(content.length);
                        ByteBuffer dst = ByteBuffer.allocate(random.nextInt(content.length - from) + 1);
                        assertThat(source.readAt(from, dst)).isEqualTo(dst.capacity());
                        assertThat(dst.array()).isEqualTo(Arrays.copyOfRange(content, from, from + dst.capacity()));
                    }
                    return null;
                });
            }
            together(readers);
        }
    }

    @Test
    void anInterruptedReaderIsToldSo() throws Exception {
        put("a", bytes(1, 10));
        try (BlobSource source = store().open(key("a"))) {
            ByteBuffer dst = ByteBuffer.allocate(10);
            Thread.currentThread().interrupt();
            try {
                assertThat(source.readAt(0, dst)).isEqualTo(10);
            } catch (InterruptedIOException e) {
                assertThat(dst.position()).isZero();
            }
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            source.readFullyAt(0, dst.clear());
            assertThat(dst.array()).isEqualTo(bytes(1, 10));
        }
    }

    /** One reader is interrupted at any moment, also in the middle of a read. */
    @Test
    void anInterruptedReaderDoesNotHarmOthers() throws Exception {
        byte[] content = bytes(1, 100_000);
        put("a", content);
        AtomicReference<Thread> hasty = new AtomicReference<>();
        AtomicBoolean done = new AtomicBoolean();
        try (BlobSource source = store().open(key("a"))) {
            Callable<Void> steady = () -> {
                for (int i = 0; i < 300; i++) {
                    assertThat(readWhole(source, content.length)).isEqualTo(content);
                }
                done.set(true);
                return null;
            };
            together(List.of(
                    steady,
                    steady,
                    () -> readInterrupted(source, content, hasty, done),
                    () -> interruptUntil(done, hasty)));
        }
    }

    private static byte[] readWhole(BlobSource source, int count) throws IOException {
        ByteBuffer dst = ByteBuffer.allocate(count);
        source.readFullyAt(0, dst);
        return dst.array();
    }

    private static @Nullable Void readInterrupted(
            BlobSource source, byte[] content, AtomicReference<Thread> self, AtomicBoolean done) throws IOException {
        self.set(Thread.currentThread());
        while (!done.get()) {
            try {
                assertThat(readWhole(source, content.length)).isEqualTo(content);
            } catch (InterruptedIOException e) {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
        self.set(null);
        return null;
    }

    private static @Nullable Void interruptUntil(AtomicBoolean done, AtomicReference<Thread> target) {
        while (!done.get()) {
            Thread thread = target.get();
            if (thread != null) {
                thread.interrupt();
            }
            LockSupport.parkNanos(50_000);
        }
        return null;
    }

    @Test
    void aClosedSourceRefusesEverything() throws Exception {
        put("a", bytes(1, 10));
        BlobSource source = store().open(key("a"));
        source.close();
        assertClosed(source::length);
        assertClosed(() -> source.readAt(0, ByteBuffer.allocate(1)));
    }
}
