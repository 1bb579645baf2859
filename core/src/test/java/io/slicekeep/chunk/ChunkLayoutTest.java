package io.slicekeep.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.IntegrityException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkLayoutTest {
    private static final long CHUNK = 16384;

    static LongStream lengths() {
        return LongStream.of(0, 1, 2, 3, 1L << 17, ChunkLayout.MAX_CHUNKS)
                .map(chunks -> chunks * CHUNK)
                .flatMap(border -> LongStream.rangeClosed(border - 17, border + 17))
                .filter(bytes -> bytes >= 0 && bytes <= ChunkLayout.MAX_PLAINTEXT_BYTES);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void bodyHasTheLengthThatFormatGives(long plaintextBytes) throws IntegrityException {
        long bodyBytes = 56 + plaintextBytes + 16 * (plaintextBytes / CHUNK + 1);
        assertThat(ChunkLayout.bodyBytes(plaintextBytes)).isEqualTo(bodyBytes);
        assertThat(ChunkLayout.claimedPlaintextBytes(bodyBytes)).isEqualTo(plaintextBytes);
    }

    /** Laid out chunk by chunk, as an implementation without arithmetic would. */
    @Test
    void chunksFollowEachOtherWithoutGaps() {
        long bodyOffset = 24 + 32;
        long plaintextOffset = 0;
        for (long chunk = 0; chunk < 1000; chunk++) {
            assertThat(ChunkLayout.bodyOffset(chunk)).isEqualTo(bodyOffset);
            assertThat(ChunkLayout.chunkAt(plaintextOffset)).isEqualTo(chunk);
            assertThat(ChunkLayout.offsetInChunk(plaintextOffset)).isZero();
            assertThat(ChunkLayout.chunkAt(plaintextOffset + CHUNK - 1)).isEqualTo(chunk);
            assertThat(ChunkLayout.offsetInChunk(plaintextOffset + CHUNK - 1)).isEqualTo(16383);
            bodyOffset += CHUNK + 16;
            plaintextOffset += CHUNK;
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {Long.MIN_VALUE, -1, 0, 55, 56, 71, 56 + 16400, 56 + 16400 + 15, 56 + 2 * 16400, Long.MAX_VALUE})
    void lengthsThatNoBodyHasAreRefused(long bodyBytes) {
        assertThatThrownBy(() -> ChunkLayout.claimedPlaintextBytes(bodyBytes))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("bodyBytes=" + bodyBytes);
    }

    @Test
    void moreChunksThanTheCapAreRefused() throws IntegrityException {
        long longest = ChunkLayout.bodyBytes(ChunkLayout.MAX_PLAINTEXT_BYTES);
        assertThat(ChunkLayout.claimedPlaintextBytes(longest)).isEqualTo(ChunkLayout.MAX_PLAINTEXT_BYTES);
        assertThatThrownBy(() -> ChunkLayout.claimedPlaintextBytes(longest + 17))
                .isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> ChunkLayout.bodyBytes(ChunkLayout.MAX_PLAINTEXT_BYTES + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChunkLayout.bodyBytes(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
