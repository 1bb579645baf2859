package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.CHUNKS_OFFSET;
import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.reader;
import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seal;
import static io.slicekeep.sealed.Fixtures.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.key.KeyRing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sealed blob that was cut anywhere gives a genuine beginning at most, and then an error; never an end. */
class TruncationTest {
    private static final int SEALED_CHUNK = 16400;

    private final KeyRing ring = ring(1);

    @Test
    void everyPrefixOfASmallBlobIsRefused() throws IOException {
        byte[] sealed = seal(plaintext(50), ring);
        for (int length = 0; length < sealed.length; length++) {
            byte[] prefix = Arrays.copyOf(sealed, length);
            Class<?> kind = length < 64 ? FormatException.class : IntegrityException.class;
            assertThatThrownBy(() -> reader(prefix, ring).read(ByteBuffer.allocate(100)))
                    .as("prefix of %d bytes", length)
                    .isInstanceOf(kind);
            assertThatThrownBy(() -> source(prefix, ring).length())
                    .as("prefix of %d bytes", length)
                    .isInstanceOf(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5 * 16384, 4 * 16384 + 1, 5 * 16384 - 1})
    void everyPrefixOfFiveChunksGivesAGenuineBeginningAndThenFails(int plaintextBytes) throws IOException {
        byte[] plaintext = plaintext(plaintextBytes);
        byte[] sealed = seal(plaintext, ring);
        for (int length = CHUNKS_OFFSET; length < sealed.length; length += stepAt(length - CHUNKS_OFFSET)) {
            assertStrictBeginning(plaintext, Arrays.copyOf(sealed, length));
        }
    }

    /** Every length around the chunks' borders and one in 101 between them. */
    private static int stepAt(int chunksBytes) {
        int fromBorder = chunksBytes % SEALED_CHUNK;
        return fromBorder < 40 || fromBorder > SEALED_CHUNK - 140 ? 1 : 101;
    }

    private void assertStrictBeginning(byte[] plaintext, byte[] prefix) throws IOException {
        ByteArrayOutputStream released = new ByteArrayOutputStream();
        try (SealedReader reader = reader(prefix, ring)) {
            Throwable failure = catchThrowable(() -> reader.inputStream().transferTo(released));
            assertThat(failure).isInstanceOf(IntegrityException.class);
            assertThat(catchThrowable(() -> reader.read(ByteBuffer.allocate(1))))
                    .isSameAs(failure);
        }
        int wholeChunks = (prefix.length - CHUNKS_OFFSET) / SEALED_CHUNK;
        assertThat(released.toByteArray()).isEqualTo(Arrays.copyOf(plaintext, wholeChunks * 16384));
        assertThat(catchThrowable(() -> source(prefix, ring).length())).isInstanceOf(SlicekeepException.class);
    }
}
