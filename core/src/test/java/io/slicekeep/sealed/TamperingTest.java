package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.CHUNKS_OFFSET;
import static io.slicekeep.sealed.Fixtures.SLOT_AREA_BYTES;
import static io.slicekeep.sealed.Fixtures.flipped;
import static io.slicekeep.sealed.Fixtures.open;
import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.reader;
import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seal;
import static io.slicekeep.sealed.Fixtures.source;
import static io.slicekeep.sealed.Fixtures.withHeaderCrc;
import static io.slicekeep.sealed.Fixtures.withSlotAreaCrc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attacker who holds the sealed bytes can do to them: each is refused by the stream and by the source. */
class TamperingTest {
    private static final int SEALED_CHUNK = 16400;
    private static final int SALT_OFFSET = 64 + SLOT_AREA_BYTES;

    private final KeyRing ring = ring(1);

    @Test
    void everyFlippedBitIsRefusedWithItsKind() throws IOException {
        byte[] sealed = seal(plaintext(50), ring);
        assertThat(open(sealed, ring)).isEqualTo(plaintext(50));
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            Class<? extends SlicekeepException> kind = kindAt(bit / 8);
            byte[] damaged = flipped(sealed, bit);
            assertThatThrownBy(() -> open(damaged, ring)).as("bit %d", bit).isExactlyInstanceOf(kind);
            assertThatThrownBy(() -> source(damaged, ring).length())
                    .as("bit %d", bit)
                    .isExactlyInstanceOf(kind);
        }
    }

    /** The header's CRC and the area's find damage; salt and commitment are wrong like a key; the rest fails to open. */
    private static Class<? extends SlicekeepException> kindAt(int offset) {
        if (offset < SALT_OFFSET) {
            return FormatException.class;
        }
        return offset < CHUNKS_OFFSET ? KeyUnavailableException.class : IntegrityException.class;
    }

    @Test
    void everyFlippedBitOfTheHeaderIsRefusedEvenWithItsCrcMadeGood() throws IOException {
        byte[] sealed = seal(plaintext(50), ring);
        for (int bit = 0; bit < 60 * 8; bit++) {
            byte[] forged = withHeaderCrc(flipped(sealed, bit));
            assertThatThrownBy(() -> open(forged, ring)).as("bit %d", bit).isInstanceOf(SlicekeepException.class);
        }
    }

    @Test
    void everyFlippedBitOfTheSlotAreaIsRefusedEvenWithItsCrcMadeGood() throws IOException {
        byte[] sealed = seal(plaintext(50), ring);
        for (int bit = 64 * 8; bit < (SALT_OFFSET - 4) * 8; bit++) {
            byte[] forged = withSlotAreaCrc(flipped(sealed, bit));
            assertThatThrownBy(() -> open(forged, ring))
                    .as("bit %d", bit)
                    .isInstanceOfAny(FormatException.class, KeyUnavailableException.class);
        }
    }

    @Test
    void aWrongKeyASwappedSlotAndAWrongCommitmentAreRefusedInTheSameWords() throws IOException {
        byte[] sealed = seal(plaintext(50), ring);
        byte[] other = seal(plaintext(50), ring);
        Set<String> messages = new HashSet<>();
        messages.add(refusal(() -> open(sealed, ring(2))));
        messages.add(refusal(() -> open(spliced(sealed, other, 64, SLOT_AREA_BYTES), ring)));
        messages.add(refusal(() -> open(flipped(sealed, (CHUNKS_OFFSET - 1) * 8), ring)));
        messages.add(refusal(() -> open(flipped(sealed, SALT_OFFSET * 8), ring)));
        assertThat(messages).hasSize(1);
    }

    @Test
    void everyFlippedBitOfAChunkIsRefusedInTheSameWords() throws IOException {
        byte[] sealed = seal(plaintext(50), ring);
        Set<String> messages = new HashSet<>();
        for (int bit = CHUNKS_OFFSET * 8; bit < sealed.length * 8; bit++) {
            byte[] damaged = flipped(sealed, bit);
            messages.add(refusal(() -> open(damaged, ring)));
        }
        assertThat(messages).hasSize(1);
    }

    @Test
    void everyPairOfSwappedChunksIsRefused() throws IOException {
        byte[] sealed = seal(plaintext(4 * 16384 + 16383), ring);
        for (int i = 0; i < 4; i++) {
            for (int j = i + 1; j < 4; j++) {
                byte[] swapped = spliced(sealed, sealed, chunkOffset(i), chunkOffset(j), SEALED_CHUNK);
                swapped = spliced(swapped, sealed, chunkOffset(j), chunkOffset(i), SEALED_CHUNK);
                assertRefusedAtChunk(i, swapped);
            }
        }
    }

    @Test
    void everyDuplicatedChunkIsRefused() throws IOException {
        byte[] sealed = seal(plaintext(4 * 16384 + 100), ring);
        for (int from = 0; from < 4; from++) {
            for (int to = 0; to < 4; to++) {
                if (from != to) {
                    assertRefusedAtChunk(to, spliced(sealed, sealed, chunkOffset(to), chunkOffset(from), SEALED_CHUNK));
                }
            }
        }
    }

    @Test
    void everyDroppedChunkIsRefused() throws IOException {
        byte[] sealed = seal(plaintext(4 * 16384 + 100), ring);
        for (int dropped = 0; dropped < 4; dropped++) {
            byte[] shorter = ByteBuffer.allocate(sealed.length - SEALED_CHUNK)
                    .put(sealed, 0, chunkOffset(dropped))
                    .put(sealed, chunkOffset(dropped + 1), sealed.length - chunkOffset(dropped + 1))
                    .array();
            assertRefusedAtChunk(dropped, shorter);
        }
    }

    /** An attack that works where the header's nonce is the attacker's: drop i chunks and add i to the nonce. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void droppingTheHeadAndShiftingTheSaltIsRefused(int chunks) throws IOException {
        byte[] sealed = seal(plaintext(4 * 16384 + 100), ring);
        byte[] shorter = ByteBuffer.allocate(sealed.length - chunks * SEALED_CHUNK)
                .put(sealed, 0, CHUNKS_OFFSET)
                .put(sealed, chunkOffset(chunks), sealed.length - chunkOffset(chunks))
                .array();
        assertThatThrownBy(() -> open(shorter, ring)).isInstanceOf(IntegrityException.class);
        for (int offset = SALT_OFFSET; offset < SALT_OFFSET + 24; offset++) {
            byte[] shifted = shorter.clone();
            shifted[offset] += (byte) chunks;
            assertThatThrownBy(() -> open(shifted, ring)).isInstanceOf(KeyUnavailableException.class);
        }
    }

    @Test
    void chunksOfAnotherBlobUnderTheSameKeysAreRefused() throws IOException {
        byte[] first = seal(plaintext(3 * 16384 + 100), ring);
        byte[] second = seal(plaintext(3 * 16384 + 100), ring);
        for (int i = 0; i < 3; i++) {
            assertRefusedAtChunk(i, spliced(first, second, chunkOffset(i), SEALED_CHUNK));
        }
        assertRefusedAtChunk(3, spliced(first, second, chunkOffset(3), 116));
        assertRefusedAtChunk(0, spliced(first, second, CHUNKS_OFFSET, first.length - CHUNKS_OFFSET));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 16383, 16384, 40000})
    void trailingBytesAreRefused(int plaintextBytes) throws IOException {
        byte[] sealed = seal(plaintext(plaintextBytes), ring);
        for (int trailing : new int[] {1, 15, 16, 17, 16384, 16400, 16401, 32800}) {
            byte[] longer = Arrays.copyOf(sealed, sealed.length + trailing);
            assertThatThrownBy(() -> open(longer, ring)).isInstanceOf(IntegrityException.class);
            assertThatThrownBy(() -> source(longer, ring).length()).isInstanceOf(IntegrityException.class);
        }
        byte[] twice = Arrays.copyOf(sealed, 2 * sealed.length);
        System.arraycopy(sealed, 0, twice, sealed.length, sealed.length);
        assertThatThrownBy(() -> open(twice, ring)).isInstanceOf(IntegrityException.class);
    }

    private void assertRefusedAtChunk(int chunk, byte[] sealed) {
        assertThatThrownBy(() -> Fixtures.readAll(reader(sealed, ring)))
                .isInstanceOf(IntegrityException.class)
                .hasMessageStartingWith("chunk " + chunk + " of blob");
        assertThatThrownBy(() -> Fixtures.readAll(source(sealed, ring))).isInstanceOf(IntegrityException.class);
    }

    private static String refusal(ThrowingCallable opening) {
        SlicekeepException refusal = Objects.requireNonNull(catchThrowableOfType(SlicekeepException.class, opening));
        return String.valueOf(refusal.getMessage()).replaceAll("[0-9a-f]{32}", "(id)");
    }

    private static int chunkOffset(int chunk) {
        return CHUNKS_OFFSET + chunk * SEALED_CHUNK;
    }

    private static byte[] spliced(byte[] into, byte[] from, int offset, int count) {
        return spliced(into, from, offset, offset, count);
    }

    private static byte[] spliced(byte[] into, byte[] from, int to, int offset, int count) {
        byte[] spliced = into.clone();
        System.arraycopy(from, offset, spliced, to, count);
        return spliced;
    }
}
