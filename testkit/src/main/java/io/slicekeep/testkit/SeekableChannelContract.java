package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every read-only {@link SeekableByteChannel} over a blob must do; sizes around the borders of 16 KiB chunks, which is
 * where such channels have failed before. Test a channel by a subclass that opens one.
 */
public abstract class SeekableChannelContract {
    private static final int[] SIZES = {0, 1, 2, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 100_000};

    /** Creates the contract. */
    protected SeekableChannelContract() {}

    /**
     * Opens a channel over some bytes.
     *
     * @param content what it reads
     * @return a new channel at position 0, closed by the test
     * @throws IOException if it cannot be opened
     */
    protected abstract SeekableByteChannel open(byte[] content) throws IOException;

    @Test
    void sizeIsThatOfTheContentAndReadingDoesNotChangeIt() throws IOException {
        for (int size : SIZES) {
            try (SeekableByteChannel channel = open(content(size))) {
                assertThat(channel.size()).isEqualTo(size);
                channel.read(ByteBuffer.allocate(10));
                assertThat(channel.size()).isEqualTo(size);
            }
        }
    }

    @Test
    void readingToTheEndGivesTheContentAndThenMinusOne() throws IOException {
        for (int size : SIZES) {
            try (SeekableByteChannel channel = open(content(size))) {
                ByteBuffer all = ByteBuffer.allocate(size + 1);
                while (channel.read(all) > 0) {
                    assertThat(channel.position()).isEqualTo(all.position());
                }
                assertThat(Arrays.copyOf(all.array(), all.position())).isEqualTo(content(size));
                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(channel.position()).isEqualTo(size);
            }
        }
    }

    @Test
    void positionsAtAndBehindTheEndAreKeptAndReadNothing() throws IOException {
        for (int size : SIZES) {
            try (SeekableByteChannel channel = open(content(size))) {
                for (long position : new long[] {size, size + 1L, size + 16_384L, Long.MAX_VALUE}) {
                    ByteBuffer dst = ByteBuffer.allocate(10);
                    assertThat(channel.position(position)).isSameAs(channel);
                    assertThat(channel.read(dst)).isEqualTo(-1);
                    assertThat(dst.position()).isZero();
                    assertThat(channel.position()).isEqualTo(position);
                    assertThat(channel.size()).isEqualTo(size);
                }
            }
        }
    }

    @Test
    void aBufferWithoutRoomReadsNothingAnywhere() throws IOException {
        for (int size : SIZES) {
            try (SeekableByteChannel channel = open(content(size))) {
                for (long position : new long[] {0, size, size + 1L}) {
                    channel.position(position);
                    assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
                    assertThat(channel.position()).isEqualTo(position);
                }
            }
        }
    }

    @Test
    void negativePositionsAreRefused() throws IOException {
        try (SeekableByteChannel channel = open(content(10))) {
            channel.position(3);
            assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(channel.position()).isEqualTo(3);
        }
    }

    @Test
    void readsFromAnyPositionAdvanceByWhatTheyRead() throws IOException {
        byte[] content = content(100_000);
        Random random = new Random(1);
        try (SeekableByteChannel channel = open(content)) {
            for (int i = 0; i < 200; i++) {
                int position = random.nextInt(content.length);
                ByteBuffer dst = ByteBuffer.allocate(1 + random.nextInt(40_000));
                int readBytes = channel.position(position).read(dst);
                assertThat(readBytes).isBetween(1, Math.min(dst.capacity(), content.length - position));
                assertThat(dst.position()).isEqualTo(readBytes);
                assertThat(channel.position()).isEqualTo((long) position + readBytes);
                assertThat(Arrays.copyOf(dst.array(), readBytes))
                        .as("seed 1, %d bytes at %d", readBytes, position)
                        .isEqualTo(Arrays.copyOfRange(content, position, position + readBytes));
            }
        }
    }

    @Test
    void writingIsRefused() throws IOException {
        try (SeekableByteChannel channel = open(content(10))) {
            ByteBuffer src = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> channel.write(src)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(NonWritableChannelException.class);
            assertThat(src.position()).isZero();
            assertThat(channel.size()).isEqualTo(10);
        }
    }

    @Test
    void aClosedChannelRefusesEverything() throws IOException {
        SeekableByteChannel channel = open(content(10));
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.position(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void streamsOverItReadSkipAndEnd() throws IOException {
        for (int size : SIZES) {
            try (InputStream in = Channels.newInputStream(open(content(size)))) {
                long skipped = in.skip(size / 2);
                assertThat(skipped).isEqualTo(size / 2);
                assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content(size), size / 2, size));
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
