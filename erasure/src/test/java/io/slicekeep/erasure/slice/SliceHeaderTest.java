package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SliceHeaderTest {
    private static final BlobId BLOB_ID = BlobId.of(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    private static final SliceHeader HEADER = new SliceHeader(4, 5, BLOB_ID, 3);

    @Test
    void headerHasTheBytesOfTheFormat() {
        String expected = "89534b530d0a1a0a" + "0001" + "04" + "00" + "05" + "01" + "0000" + "00040000" + "00004000"
                + "000102030405060708090a0b0c0d0e0f" + "0000000000000003" + "000000000000000000000000";
        byte[] bytes = HEADER.bytes().array();
        assertThat(HexFormat.of().formatHex(bytes, 0, 60)).isEqualTo(expected);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 60);
        assertThat(HEADER.bytes().getInt(60)).isEqualTo((int) crc.getValue());
    }

    @Test
    void parsedHeaderIsTheOneWritten() throws FormatException {
        for (SliceHeader header : new SliceHeader[] {
            HEADER,
            new SliceHeader(1, 0, BLOB_ID, 0),
            new SliceHeader(1, 254, BLOB_ID, -1),
            new SliceHeader(255, 254, BLOB_ID, Long.MAX_VALUE)
        }) {
            assertThat(SliceHeader.parse(header.bytes())).isEqualTo(header);
        }
    }

    @Test
    void everyFlippedBitIsFound() {
        for (int bit = 0; bit < 8 * SliceHeader.BYTES; bit++) {
            ByteBuffer bytes = HEADER.bytes();
            bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
            requireKind(bytes, bit < 64 ? Kind.NOT_OURS : Kind.CORRUPT);
        }
    }

    @Test
    void everyShorterHeaderIsCorrupt() {
        for (int count = 0; count < SliceHeader.BYTES; count++) {
            requireKind(HEADER.bytes().limit(count), Kind.CORRUPT);
        }
        requireKind(ByteBuffer.wrap(new byte[] {'P', 'K'}), Kind.NOT_OURS);
    }

    @Test
    void unknownVersionMatrixFlagsAndFieldsAreTooNew() {
        requireKind(changed(9, 2), Kind.TOO_NEW);
        requireKind(changed(8, 1), Kind.TOO_NEW);
        requireKind(changed(11, 2), Kind.TOO_NEW);
        requireKind(changed(13, 0), Kind.TOO_NEW);
        requireKind(changed(13, 2), Kind.TOO_NEW);
        requireKind(changed(14, 1), Kind.TOO_NEW);
        requireKind(changed(15, 128), Kind.TOO_NEW);
        for (int offset = 48; offset < 60; offset++) {
            requireKind(changed(offset, 1), Kind.TOO_NEW);
        }
    }

    @Test
    void valuesThatCannotBeAreCorrupt() {
        requireKind(changed(10, 0), Kind.CORRUPT);
        requireKind(changed(10, 5), Kind.CORRUPT);
        requireKind(changed(10, 254), Kind.CORRUPT);
        requireKind(changed(12, 255), Kind.CORRUPT);
        requireKind(changed(17, 5), Kind.CORRUPT);
        requireKind(changed(22, 65), Kind.CORRUPT);
    }

    @Test
    void headerIsParsedFromThePositionAndTheBufferStaysAsItIs() throws FormatException {
        ByteBuffer padded =
                ByteBuffer.allocateDirect(100).position(7).put(HEADER.bytes()).position(7);
        assertThat(SliceHeader.parse(padded.asReadOnlyBuffer())).isEqualTo(HEADER);
        SliceHeader.parse(padded);
        assertThat(padded.position()).isEqualTo(7);
    }

    @Test
    void headerOfAnImpossibleSliceIsRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SliceHeader(0, 0, BLOB_ID, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SliceHeader(256, 0, BLOB_ID, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SliceHeader(4, 255, BLOB_ID, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SliceHeader(4, -1, BLOB_ID, 1));
    }

    private static ByteBuffer changed(int offset, int value) {
        return withChecksum(HEADER.bytes().put(offset, (byte) value));
    }

    private static ByteBuffer withChecksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, 60));
        return header.putInt(60, (int) crc.getValue());
    }

    private static void requireKind(ByteBuffer bytes, Kind kind) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> SliceHeader.parse(bytes))
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
