package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.CHUNKS_OFFSET;
import static io.slicekeep.sealed.Fixtures.channelOf;
import static io.slicekeep.sealed.Fixtures.flipped;
import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.reader;
import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seal;
import static io.slicekeep.sealed.Fixtures.seeded;
import static io.slicekeep.sealed.Fixtures.sourceOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedReaderTest {
    private static final int SEALED_CHUNK = 16400;

    private final KeyRing ring = ring(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 16383, 16384, 16385, 100_000})
    void buffersOfAnySizeAndKindAreFilled(int bufferBytes) throws IOException {
        byte[] sealed = seal(plaintext(70_000), ring);
        for (ByteBuffer dst : new ByteBuffer[] {
            ByteBuffer.allocate(bufferBytes),
            ByteBuffer.allocateDirect(bufferBytes),
            ByteBuffer.allocate(bufferBytes + 9).slice(4, bufferBytes)
        }) {
            try (SealedReader reader = reader(sealed, ring)) {
                assertThat(readThrough(reader, dst)).isEqualTo(plaintext(70_000));
            }
        }
    }

    @Test
    void sourcesThatGiveOneByteAtATimeAreRead() throws IOException {
        byte[] sealed = seal(plaintext(40_000), ring);
        try (SealedReader reader = Sealed.reader(new Dribble(sealed), ring)) {
            assertThat(Fixtures.readAll(reader)).isEqualTo(plaintext(40_000));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void damageInAChunkReleasesExactlyWhatIsBeforeIt(int damagedChunk) throws IOException {
        byte[] plaintext = plaintext(4 * 16384 + 50);
        byte[] sealed = seal(plaintext, ring);
        byte[] damaged = flipped(sealed, (CHUNKS_OFFSET + damagedChunk * SEALED_CHUNK) * 8);
        for (int bufferBytes : new int[] {1000, 16384, 100_000}) {
            ByteArrayOutputStream released = new ByteArrayOutputStream();
            ByteBuffer dst = ByteBuffer.allocate(bufferBytes);
            try (SealedReader reader = reader(damaged, ring)) {
                Throwable failure = catchThrowable(() -> copy(reader, dst, released));
                assertThat(failure).isInstanceOf(IntegrityException.class);
                assertThat(dst.position()).isZero();
                assertThat(catchThrowable(() -> reader.read(dst))).isSameAs(failure);
            }
            assertThat(released.toByteArray()).isEqualTo(Arrays.copyOf(plaintext, damagedChunk * 16384));
        }
    }

    @Test
    void aFailingSourceIsAnErrorAndNoEnd() throws IOException {
        byte[] sealed = seal(plaintext(100_000), ring);
        IOException broken = new IOException("connection reset");
        for (int chunksBefore = 1; chunksBefore < 6; chunksBefore++) {
            int limit = CHUNKS_OFFSET + chunksBefore * SEALED_CHUNK;
            Dribble source = new Dribble(Arrays.copyOf(sealed, limit), broken);
            try (SealedReader reader = Sealed.reader(source, ring)) {
                assertThat(catchThrowable(() -> Fixtures.readAll(reader))).isSameAs(broken);
                assertThat(catchThrowable(() -> reader.read(ByteBuffer.allocate(1))))
                        .isSameAs(broken);
            }
        }
    }

    @Test
    void afterASourceThrewWhatNoChannelMayNothingMoreIsRead() throws IOException {
        ByteBuffer sealed = ByteBuffer.wrap(seal(plaintext(40_000), ring));
        boolean[] thrown = {false};
        ReadableByteChannel moody = new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer dst) {
                int part = Math.min(dst.remaining(), Math.min(sealed.remaining(), 5000));
                if (sealed.position() > 35_000 && !thrown[0]) {
                    thrown[0] = true;
                    throw new IllegalStateException("once");
                }
                dst.put(sealed.slice().limit(part));
                sealed.position(sealed.position() + part);
                return part;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        try (SealedReader reader = Sealed.reader(moody, ring)) {
            ByteBuffer small = ByteBuffer.allocate(16383);
            ByteArrayOutputStream before = new ByteArrayOutputStream();
            assertThatThrownBy(() -> copy(reader, small, before)).hasMessage("once");
            assertThat(before.toByteArray()).isEqualTo(Arrays.copyOf(plaintext(40_000), 32768));
            assertThatThrownBy(() -> copy(reader, small, before)).isInstanceOf(IOException.class);
            assertThat(before.size()).isEqualTo(32768);
        }
    }

    @Test
    void theEndIsReportedAgainAndAgain() throws IOException {
        try (SealedReader reader = reader(seal(plaintext(0), ring), ring)) {
            assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
            assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(-1);
            assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(-1);
            assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
        }
    }

    @Test
    void closingWipesPlaintextAndClosesTheSource() throws IOException {
        ReadableByteChannel source = channelOf(seal(plaintext(100), ring));
        SealedReader reader = Sealed.reader(source, ring);
        reader.read(ByteBuffer.allocate(1));
        assertThat(Wiped.holdsOnlyZeros(reader, "body", "opened")).isFalse();
        reader.close();
        reader.close();
        assertThat(Wiped.holdsOnlyZeros(reader, "body", "opened")).isTrue();
        assertThat(source.isOpen()).isFalse();
        assertThat(reader.isOpen()).isFalse();
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aWrongKeyIsSaidToBeOne() throws IOException {
        byte[] sealed = seal(plaintext(10), ring);
        ReadableByteChannel source = channelOf(sealed);
        assertThatThrownBy(() -> Sealed.reader(source, ring(2)))
                .asInstanceOf(InstanceOfAssertFactories.throwable(KeyUnavailableException.class))
                .extracting(KeyUnavailableException::reason)
                .isEqualTo(Reason.WRONG_KEY);
        assertThat(source.isOpen()).isFalse();
    }

    @Test
    void theContextMustBeTheOneOfTheSealing() throws IOException {
        KeyContext gold = KeyContext.of(Map.of("class", "gold"));
        KeyContext silver = KeyContext.of(Map.of("class", "silver"));
        byte[] sealed = seal(plaintext(10), ring, SealOptions.DEFAULT.withContext(gold));
        try (SealedReader reader = Sealed.reader(channelOf(sealed), ring, gold)) {
            assertThat(Fixtures.readAll(reader)).isEqualTo(plaintext(10));
        }
        assertThatThrownBy(() -> Sealed.reader(channelOf(sealed), ring, silver))
                .isInstanceOf(KeyUnavailableException.class);
        assertThatThrownBy(() -> Sealed.reader(channelOf(sealed), ring)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void aBlobWhoseSlotsStandElsewhereSaysSo() throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        BlobId id = BlobId.random(seeded(1));
        OpenSecret secret = OpenSecret.random(KeyContext.EMPTY.withBlob(id.bytes()), seeded(2));
        try (BlobSealer sealer = BlobSealer.create(Channels.newChannel(target), secret, id, seeded(3))) {
            sealer.finish();
        }
        assertThatThrownBy(() -> reader(target.toByteArray(), ring))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("stand elsewhere");
    }

    @Test
    void theIdOfAnotherBlobIsComparedAndNotBelieved() throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        BlobId id = BlobId.random(seeded(1));
        OpenSecret secret = OpenSecret.random(KeyContext.EMPTY.withBlob(id.bytes()), seeded(2));
        BlobSealer sealer = BlobSealer.create(Channels.newChannel(target), secret, id, seeded(3));
        sealer.finish();
        BlobId expected = BlobId.random(seeded(4));
        byte[] sealed = target.toByteArray();
        byte[] otherCommitment = sealer.commitment();
        otherCommitment[31] ^= 1;
        SealedSource.open(sourceOf(sealed), secret, id, sealer.commitment()).close();
        assertThatThrownBy(() -> SealedSource.open(sourceOf(sealed), secret, expected, sealer.commitment()))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(expected.toString());
        assertThatThrownBy(() -> SealedSource.open(sourceOf(sealed), secret, id, otherCommitment))
                .isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> SealedSource.open(sourceOf(sealed), secret, id, new byte[0]))
                .isInstanceOf(IntegrityException.class);
    }

    private static byte[] readThrough(ReadableByteChannel reader, ByteBuffer dst) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        copy(reader, dst, all);
        return all.toByteArray();
    }

    private static void copy(ReadableByteChannel reader, ByteBuffer dst, ByteArrayOutputStream all) throws IOException {
        while (reader.read(dst) >= 0) {
            dst.flip();
            byte[] part = new byte[dst.remaining()];
            dst.get(part);
            all.write(part);
            dst.clear();
        }
    }

    /** Gives one byte at a time, sometimes none, and then ends or fails. */
    private static final class Dribble implements ReadableByteChannel {
        private final ByteBuffer rest;
        private final IOException[] end;
        private int calls;

        Dribble(byte[] bytes, IOException... end) {
            this.rest = ByteBuffer.wrap(bytes);
            this.end = end;
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            if (++calls % 5 == 0) {
                return 0;
            }
            if (rest.hasRemaining()) {
                dst.put(rest.get());
                return 1;
            }
            if (end.length > 0) {
                throw end[0];
            }
            return -1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
