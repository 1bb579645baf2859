package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.CHUNKS_OFFSET;
import static io.slicekeep.sealed.Fixtures.flipped;
import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seal;
import static io.slicekeep.sealed.Fixtures.source;
import static io.slicekeep.sealed.Fixtures.sourceOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedSourceTest {
    private static final int SEALED_CHUNK = 16400;

    private final KeyRing ring = ring(1);

    /** The model is the plaintext array. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16383, 16384, 16385, 49152, 60_000, 2_200_000})
    void anyRangeIsReadAsFromAnArray(int bytes) throws IOException {
        byte[] plaintext = plaintext(bytes);
        try (SealedSource source = source(seal(plaintext, ring), ring)) {
            readRandomRanges(source, plaintext, bytes, 200);
        }
    }

    @Test
    void readsOverlap() throws Exception {
        byte[] plaintext = plaintext(300_000);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (SealedSource source = source(seal(plaintext, ring), ring)) {
            Callable<Void> reads = () -> {
                readRandomRanges(source, plaintext, Thread.currentThread().getId(), 200);
                return null;
            };
            for (var done :
                    threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> reads).toList())) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void readRandomRanges(SealedSource source, byte[] plaintext, long seed, int reads)
            throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < reads; i++) {
            int offset = near(random, plaintext.length);
            int count = 1 + near(random, plaintext.length + 40_000);
            ByteBuffer dst =
                    random.nextBoolean() ? ByteBuffer.allocate(count + 3) : ByteBuffer.allocateDirect(count + 3);
            dst.position(2).limit(2 + count);
            int expected = offset >= plaintext.length ? -1 : Math.min(count, plaintext.length - offset);
            String what = "seed " + seed + ", " + count + " bytes at " + offset;
            assertThat(source.readAt(offset, dst)).as(what).isEqualTo(expected);
            assertThat(dst.limit()).isEqualTo(2 + count);
            assertThat(dst.flip().position(2).remaining()).as(what).isEqualTo(Math.max(0, expected));
            byte[] found = new byte[dst.remaining()];
            dst.get(found);
            assertThat(found)
                    .as(what)
                    .isEqualTo(Arrays.copyOfRange(
                            plaintext,
                            Math.min(offset, plaintext.length),
                            Math.min(offset, plaintext.length) + found.length));
        }
    }

    /** A number below a bound, often beside a chunk's border. */
    private static int near(Random random, int bound) {
        int number = random.nextInt(bound + 100);
        return random.nextBoolean() ? number : Math.max(0, number / 16384 * 16384 + random.nextInt(3) - 1);
    }

    @Test
    void readingAtOrBehindTheEndGivesMinusOne() throws IOException {
        for (int bytes : new int[] {0, 1, 16383, 16384, 16385}) {
            try (SealedSource source = source(seal(plaintext(bytes), ring), ring)) {
                assertThat(source.readAt(bytes, ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(source.readAt(bytes + 1, ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(source.readAt(Long.MAX_VALUE, ByteBuffer.allocate(1)))
                        .isEqualTo(-1);
                assertThat(source.readAt(bytes, ByteBuffer.allocate(0))).isZero();
                assertThat(source.length()).isEqualTo(bytes);
                assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(bytes + 1)))
                        .isInstanceOf(EOFException.class);
                assertThatThrownBy(() -> source.readAt(-1, ByteBuffer.allocate(1)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    /** A blob whose file is as long as another one could be: tink-java issue 79 believes it. */
    @Test
    void aLengthIsBelievedOnlyAfterTheLastChunkWasOpened() throws IOException {
        byte[] sealed = seal(plaintext(3 * 16384 + 100), ring);
        byte[] cut = Arrays.copyOf(sealed, sealed.length - 40);
        try (SealedSource source = source(cut, ring)) {
            assertThatThrownBy(source::length).isInstanceOf(IntegrityException.class);
            assertThatThrownBy(() -> source.readAt(3 * 16384 + 60, ByteBuffer.allocate(1)))
                    .isInstanceOf(IntegrityException.class);
            assertThatThrownBy(() -> source.readAt(1 << 20, ByteBuffer.allocate(1)))
                    .isInstanceOf(IntegrityException.class);
            ByteBuffer whole = ByteBuffer.allocate(1 << 20);
            assertThatThrownBy(() -> source.readAt(0, whole)).isInstanceOf(IntegrityException.class);
            assertThat(whole.position()).isZero();
            ByteBuffer genuine = ByteBuffer.allocate(3 * 16384);
            assertThat(source.readAt(0, genuine)).isEqualTo(3 * 16384);
            assertThat(genuine.array()).isEqualTo(Arrays.copyOf(plaintext(3 * 16384 + 100), 3 * 16384));
        }
    }

    /** The last chunk may be empty: then nothing but its tag tells that the blob ends there. */
    @Test
    void aShortReadProvesTheEndEvenIfTheLastChunkIsEmpty() throws IOException {
        byte[] sealed = seal(plaintext(16384), ring);
        byte[] damaged = flipped(sealed, (sealed.length - 1) * 8);
        try (SealedSource source = source(damaged, ring)) {
            ByteBuffer longer = ByteBuffer.allocate(16385);
            assertThatThrownBy(() -> source.readAt(0, longer)).isInstanceOf(IntegrityException.class);
            assertThat(longer.position()).isZero();
            assertThat(source.readAt(0, ByteBuffer.allocate(16384))).isEqualTo(16384);
        }
    }

    @Test
    void aDamagedChunkSpoilsNoOther() throws IOException {
        byte[] plaintext = plaintext(5 * 16384);
        byte[] damaged = flipped(seal(plaintext, ring), (CHUNKS_OFFSET + 2 * SEALED_CHUNK) * 8);
        try (SealedSource source = source(damaged, ring)) {
            for (int chunk = 0; chunk < 5; chunk++) {
                ByteBuffer dst = ByteBuffer.allocate(16384);
                if (chunk == 2) {
                    assertThatThrownBy(() -> source.readAt(2 * 16384, dst))
                            .isInstanceOf(IntegrityException.class)
                            .hasMessageContaining("chunk 2 of blob " + source.blobId());
                    assertThat(dst.position()).isZero();
                    assertThat(dst.array()).containsOnly(0);
                } else {
                    assertThat(source.readAt(chunk * 16384L, dst)).isEqualTo(16384);
                    assertThat(dst.array())
                            .isEqualTo(Arrays.copyOfRange(plaintext, chunk * 16384, (chunk + 1) * 16384));
                }
            }
            ByteBuffer across = ByteBuffer.allocate(50_000).position(3);
            assertThatThrownBy(() -> source.readAt(10, across)).isInstanceOf(IntegrityException.class);
            assertThat(across.position()).isEqualTo(3);
        }
    }

    @Test
    void aSourceThatShrinksWhileItIsReadIsRefused() throws IOException {
        byte[] sealed = seal(plaintext(40_000), ring);
        byte[] shrunk = Arrays.copyOf(sealed, CHUNKS_OFFSET + SEALED_CHUNK + 5);
        BlobSource lying = new LyingSource(sourceOf(shrunk), sealed.length);
        try (SealedSource source = SealedSource.open(lying, ring, KeyContext.EMPTY)) {
            assertThat(source.readAt(0, ByteBuffer.allocate(16384))).isEqualTo(16384);
            assertThatThrownBy(() -> source.readAt(16384, ByteBuffer.allocate(1)))
                    .isInstanceOf(IntegrityException.class);
            assertThatThrownBy(source::length).isInstanceOf(IntegrityException.class);
        }
    }

    @Test
    void aClosedSourceRefusesEverything() throws IOException {
        SealedSource source = source(seal(plaintext(10), ring), ring);
        source.close();
        source.close();
        assertThatThrownBy(source::length)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
        assertThatThrownBy(() -> source.readAt(0, ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
        assertThatThrownBy(() -> source.readAt(0, ByteBuffer.allocate(0))).hasMessage("closed");
    }

    /** The read that is under way when the source is closed goes on with whole keys; the keys are wiped behind it. */
    @Test
    void closingInTheMiddleOfAReadDoesNotDisturbIt() throws IOException {
        byte[] sealed = seal(plaintext(40_000), ring);
        ClosingSource beneath = new ClosingSource(sourceOf(sealed));
        SealedSource source = SealedSource.open(beneath, ring, KeyContext.EMPTY);
        beneath.toClose = source;
        ByteBuffer dst = ByteBuffer.allocate(40_000);
        assertThat(source.readAt(0, dst)).isEqualTo(40_000);
        assertThat(dst.array()).isEqualTo(plaintext(40_000));
        assertThatThrownBy(() -> source.readAt(0, dst.clear())).hasMessage("closed");
    }

    @Test
    void filesAreReadAtRandom(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("sealed");
        Files.write(file, seal(plaintext(100_000), ring));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try (SealedSource source = Sealed.open(channel, ring, KeyContext.EMPTY)) {
            readRandomRanges(source, plaintext(100_000), 1, 50);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aFileThatDoesNotOpenIsClosed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("other");
        Files.write(file, new byte[1000]);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        assertThatThrownBy(() -> Sealed.open(channel, ring, KeyContext.EMPTY)).isInstanceOf(IOException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    /** Says another length than it has. */
    private static class LyingSource implements BlobSource {
        final BlobSource below;
        private final long lengthBytes;

        LyingSource(BlobSource below, long lengthBytes) {
            this.below = below;
            this.lengthBytes = lengthBytes;
        }

        @Override
        public long length() {
            return lengthBytes;
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            return below.readAt(offset, dst);
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }

    /** Closes something in the middle of the next read. */
    private static final class ClosingSource extends LyingSource {
        private Closeable toClose = () -> {};

        ClosingSource(BlobSource below) throws IOException {
            super(below, below.length());
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            int readBytes = super.readAt(offset, dst);
            toClose.close();
            return readBytes;
        }
    }
}
