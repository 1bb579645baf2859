package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.open;
import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.reader;
import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seeded;
import static io.slicekeep.sealed.Fixtures.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedWriterTest {
    private static final int[] LENGTHS = {0, 1, 16383, 16384, 16385, 32768, 65535, 65536, 100_000, 200_000};

    private final KeyRing ring = ring(1);
    private final ByteArrayOutputStream target = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16383, 16384, 16385, 50_000})
    void writesOfAnySizeMakeTheSameBlob(int writeBytes) throws IOException {
        byte[] plaintext = plaintext(150_000);
        try (SealedWriter writer = writer()) {
            for (int offset = 0; offset < plaintext.length; offset += writeBytes) {
                int count = Math.min(writeBytes, plaintext.length - offset);
                assertThat(writer.write(ByteBuffer.wrap(plaintext, offset, count)))
                        .isEqualTo(count);
            }
            writer.commit();
        }
        assertThat(open(target.toByteArray(), ring)).isEqualTo(plaintext);
    }

    @Test
    void buffersOfEveryKindAreWrittenFromPositionToLimit() throws IOException {
        byte[] plaintext = plaintext(40_000);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(50_000).put(5, plaintext).position(5).limit(40_005);
        ByteBuffer slice = ByteBuffer.allocate(50_000)
                .put(7, plaintext)
                .slice(3, 40_010)
                .position(4)
                .limit(40_004);
        ByteBuffer readOnly = ByteBuffer.wrap(plaintext).asReadOnlyBuffer();
        for (ByteBuffer src : new ByteBuffer[] {direct, slice, readOnly}) {
            int limit = src.limit();
            target.reset();
            try (SealedWriter writer = writer()) {
                assertThat(writer.write(src)).isEqualTo(40_000);
                writer.commit();
            }
            assertThat(src.position()).isEqualTo(limit);
            assertThat(src.limit()).isEqualTo(limit);
            assertThat(open(target.toByteArray(), ring)).isEqualTo(plaintext);
        }
    }

    @Test
    void plaintextIsNotChanged() throws IOException {
        byte[] plaintext = plaintext(40_000);
        try (SealedWriter writer = writer()) {
            writer.write(ByteBuffer.wrap(plaintext));
        }
        assertThat(plaintext).isEqualTo(plaintext(40_000));
    }

    @Test
    void whatWasNotCommittedIsRefusedWhateverItsLength() throws IOException {
        for (int bytes : LENGTHS) {
            target.reset();
            try (SealedWriter writer = writer()) {
                writer.write(ByteBuffer.wrap(plaintext(bytes)));
            }
            assertRefused(target.toByteArray());
        }
    }

    @Test
    void aFailingCopyThroughAStreamIsRefused() throws IOException {
        assertThatThrownBy(() -> {
                    try (OutputStream out = writer().outputStream()) {
                        out.write(plaintext(70_000));
                        throw new IOException("the source broke");
                    }
                })
                .hasMessage("the source broke");
        assertRefused(target.toByteArray());
    }

    @Test
    void aCommittedStreamIsReadBackThroughAStream() throws IOException {
        try (SealedWriter writer = writer()) {
            OutputStream out = writer.outputStream();
            out.write(plaintext(70_000));
            out.flush();
            writer.commit();
        }
        try (SealedReader reader = reader(target.toByteArray(), ring)) {
            assertThat(reader.inputStream().readAllBytes()).isEqualTo(plaintext(70_000));
        }
    }

    @Test
    void nothingFollowsACommit() throws IOException {
        try (SealedWriter writer = writer()) {
            writer.write(ByteBuffer.wrap(plaintext(10)));
            writer.commit();
            assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(open(target.toByteArray(), ring)).isEqualTo(plaintext(10));
    }

    @Test
    void aClosedWriterRefusesEverything() throws IOException {
        SealedWriter writer = writer();
        writer.close();
        writer.close();
        ByteBuffer src = ByteBuffer.allocate(3);
        assertThatThrownBy(() -> writer.write(src)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(writer::commit).isInstanceOf(ClosedChannelException.class);
        assertThat(src.position()).isZero();
        assertThat(writer.isOpen()).isFalse();
    }

    @Test
    void afterAFailureOfTheTargetTheWriterIsDead() throws IOException {
        for (int failingWrite = 0; failingWrite < 4; failingWrite++) {
            target.reset();
            BrokenChannel broken = new BrokenChannel(failingWrite);
            SealedWriter writer = Sealed.writer(broken, ring);
            ByteBuffer src = ByteBuffer.wrap(plaintext(600_000));
            Throwable failure = catchThrowable(() -> writer.write(src));
            assertThat(failure).isSameAs(broken.failure);
            assertThat(src.position()).isZero();
            assertThat(src.limit()).isEqualTo(600_000);
            int written = target.size();
            assertThat(catchThrowable(() -> writer.write(src))).isSameAs(failure);
            assertThat(catchThrowable(writer::commit)).isSameAs(failure);
            writer.close();
            assertThat(target.size()).isEqualTo(written);
            assertRefused(target.toByteArray());
        }
    }

    @Test
    void afterTheTargetRanOutOfMemoryTheWriterIsDead() throws IOException {
        WritableByteChannel forgetful = new WritableByteChannel() {
            private boolean failed;

            @Override
            public int write(ByteBuffer src) {
                if (!failed) {
                    failed = true;
                    throw new OutOfMemoryError("no room");
                }
                int bytes = src.remaining();
                src.position(src.limit());
                return bytes;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        try (SealedWriter writer = Sealed.writer(forgetful, ring)) {
            ByteBuffer src = ByteBuffer.wrap(plaintext(600_000));
            assertThatThrownBy(() -> writer.write(src)).isInstanceOf(OutOfMemoryError.class);
            assertThat(src.position()).isZero();
            assertThatThrownBy(() -> writer.write(src)).isInstanceOf(IOException.class);
            assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFailureOfTheCommitIsSticky() throws IOException {
        BrokenChannel broken = new BrokenChannel(0);
        try (SealedWriter writer = Sealed.writer(broken, ring)) {
            writer.write(ByteBuffer.wrap(plaintext(10)));
            assertThat(catchThrowable(writer::commit)).isSameAs(broken.failure);
            assertThat(catchThrowable(writer::commit)).isSameAs(broken.failure);
        }
    }

    @Test
    void closingClosesTheTargetAndWipesPlaintext() throws IOException {
        BrokenChannel channel = new BrokenChannel(Integer.MAX_VALUE);
        BlobId id = BlobId.random(seeded(1));
        OpenSecret secret = OpenSecret.random(KeyContext.EMPTY.withBlob(id.bytes()), seeded(2));
        BlobSealer sealer = BlobSealer.create(channel, secret, id, seeded(3));
        SealedWriter writer = new SealedWriter(channel, sealer);
        writer.write(ByteBuffer.wrap(plaintext(100)));
        assertThat(Wiped.holdsOnlyZeros(sealer, "body", "staged")).isFalse();
        writer.close();
        assertThat(Wiped.holdsOnlyZeros(sealer, "body", "staged")).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void secretIdAndSaltAreFreshForEachBlob() throws IOException {
        byte[] first = Fixtures.seal(plaintext(100), ring);
        byte[] second = Fixtures.seal(plaintext(100), ring);
        for (int offset = 16; offset < first.length; offset += 8) {
            boolean drawn = offset < 32 || offset >= Fixtures.CHUNKS_OFFSET - 56;
            if (drawn) {
                assertThat(ByteBuffer.wrap(first).getLong(offset))
                        .as("bytes from %d", offset)
                        .isNotEqualTo(ByteBuffer.wrap(second).getLong(offset));
            }
        }
    }

    @Test
    void aWriterThatCannotStartClosesItsTarget() {
        BrokenChannel channel = new BrokenChannel(Integer.MAX_VALUE);
        ring.close();
        assertThatThrownBy(() -> Sealed.writer(channel, ring)).isInstanceOf(IllegalStateException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void channelsThatDoNotBlockAreRefused() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        assertThatThrownBy(() -> Sealed.writer(pipe.sink(), ring)).isInstanceOf(IllegalBlockingModeException.class);
        pipe.source().configureBlocking(false);
        assertThatThrownBy(() -> Sealed.reader(pipe.source(), ring)).isInstanceOf(IllegalBlockingModeException.class);
    }

    @Test
    void secretsOfOtherBlobsAreRefused() {
        OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, seeded(1));
        BlobId id = BlobId.random(seeded(2));
        assertThatThrownBy(() -> BlobSealer.create(Channels.newChannel(target), secret, id, seeded(3)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private SealedWriter writer() throws IOException {
        return Sealed.writer(new BrokenChannel(Integer.MAX_VALUE), ring);
    }

    private void assertRefused(byte[] sealed) {
        assertThatThrownBy(() -> Fixtures.readAll(reader(sealed, ring))).isInstanceOf(SlicekeepException.class);
        assertThatThrownBy(() -> source(sealed, ring).length()).isInstanceOf(SlicekeepException.class);
    }

    /** Takes bytes in parts of random size, and fails in the middle of its n-th whole write. */
    private final class BrokenChannel implements WritableByteChannel {
        private final IOException failure = new IOException("disk full");
        private final Random random = new Random(1);
        private final int failingWrite;
        private int writes;
        private boolean open = true;

        BrokenChannel(int failingWrite) {
            this.failingWrite = failingWrite;
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            int part = Math.min(src.remaining(), random.nextInt(70_000));
            byte[] taken = new byte[part];
            src.get(taken);
            target.write(taken);
            writes += src.hasRemaining() ? 0 : 1;
            if (writes > failingWrite || (failingWrite == 0 && part > 0)) {
                throw failure;
            }
            return part;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
