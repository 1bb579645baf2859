package io.slicekeep.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.key.KeyContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedHeaderTest {
    private static final BlobId ID = BlobId.of(HexFormat.of().parseHex("1f6327b6e48306687d16ab00abe0d2cd"));
    private static final String STORED = "89534b420d0a1a0a0001000100000000"
            + "1f6327b6e48306687d16ab00abe0d2cd"
            + "00000000000000000000000000000000"
            + "0000000000000000000000007d8afe71";

    private final byte[] bytes = new SealedHeader(ID, 4096).bytes();

    @Test
    void storedFormIsThatOfTheSecondImplementation() throws FormatException {
        byte[] stored = HexFormat.of().parseHex(STORED);
        assertThat(new SealedHeader(ID, 0).bytes()).isEqualTo(stored);
        assertThat(SealedHeader.parse(ByteBuffer.wrap(stored))).isEqualTo(new SealedHeader(ID, 0));
    }

    @Test
    void parsingLeavesTheRest() throws FormatException {
        ByteBuffer longer = ByteBuffer.allocate(100).put(3, bytes).position(3).asReadOnlyBuffer();
        assertThat(SealedHeader.parse(longer)).isEqualTo(new SealedHeader(ID, 4096));
        assertThat(longer.position()).isEqualTo(3 + SealedHeader.BYTES);
    }

    @Test
    void everyFlippedBitOfTheMagicIsNotOursAndEveryOtherIsCorrupt() {
        for (int bit = 0; bit < Byte.SIZE * SealedHeader.BYTES; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(bit < 64 ? Kind.NOT_OURS : Kind.CORRUPT, flipped);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < SealedHeader.BYTES; length++) {
            assertRefused(length < 8 ? Kind.NOT_OURS : Kind.CORRUPT, Arrays.copyOf(bytes, length));
        }
    }

    /** What a newer release may write: version, suite, flags, and everything that must be zero. */
    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15, 36, 37, 47, 58, 59})
    void unknownFieldsWithAGoodCrcAreTooNew(int offset) {
        byte[] newer = bytes.clone();
        newer[offset] ^= 0x40;
        assertRefused(Kind.TOO_NEW, withCrc(newer));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 65537, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void impossibleSlotAreasAreCorrupt(int slotAreaBytes) {
        byte[] corrupt =
                withCrc(ByteBuffer.wrap(bytes.clone()).putInt(32, slotAreaBytes).array());
        assertRefused(Kind.CORRUPT, corrupt);
        assertThatThrownBy(() -> new SealedHeader(ID, slotAreaBytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 65536})
    void possibleSlotAreasAreRead(int slotAreaBytes) throws FormatException {
        SealedHeader header = new SealedHeader(ID, slotAreaBytes);
        assertThat(SealedHeader.parse(ByteBuffer.wrap(header.bytes()))).isEqualTo(header);
    }

    @Test
    void bodyContextHoldsLabelHeaderAndDigest() {
        KeyContext context = KeyContext.of(Map.of("class", "gold"));
        byte[] bound = new SealedHeader(ID, 4096).bodyContext(context);
        assertThat(HexFormat.of().formatHex(bound))
                .isEqualTo(HexFormat.of().formatHex("slicekeep/v1/sealed\0".getBytes(StandardCharsets.US_ASCII))
                        + HexFormat.of().formatHex(bytes)
                        + HexFormat.of().formatHex(context.digest()));
    }

    private static void assertRefused(Kind kind, byte[] header) {
        assertThatThrownBy(() -> SealedHeader.parse(ByteBuffer.wrap(header)))
                .asInstanceOf(InstanceOfAssertFactories.throwable(FormatException.class))
                .extracting(FormatException::kind)
                .isEqualTo(kind);
    }

    private static byte[] withCrc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 60);
        return ByteBuffer.wrap(header).putInt(60, (int) crc.getValue()).array();
    }
}
