package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SliceFooterTest {
    private static final BlobId BLOB_ID = BlobId.of(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    private static final SliceFooter FOOTER = new SliceFooter(0x123456789AL, 7, BLOB_ID);

    @Test
    void footerHasTheBytesOfTheFormat() {
        byte[] bytes = FOOTER.bytes().array();
        assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("SKSLEND1");
        assertThat(HexFormat.of().formatHex(bytes, 8, 44))
                .isEqualTo("000000123456789a" + "0000000000000007" + "000102030405060708090a0b0c0d0e0f" + "00000000");
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 44);
        assertThat(FOOTER.bytes().getInt(44)).isEqualTo((int) crc.getValue());
    }

    @Test
    void parsedFooterIsTheOneWritten() throws FormatException {
        assertThat(SliceFooter.parse(FOOTER.bytes())).isEqualTo(FOOTER);
    }

    @Test
    void everyFlippedBitAndEveryShorterFooterIsCorrupt() {
        for (int bit = 0; bit < 8 * SliceFooter.BYTES; bit++) {
            ByteBuffer bytes = FOOTER.bytes();
            requireKind(bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8)), Kind.CORRUPT);
        }
        for (int count = 0; count < SliceFooter.BYTES; count++) {
            requireKind(FOOTER.bytes().limit(count), Kind.CORRUPT);
        }
    }

    @Test
    void unknownFieldsAreTooNew() {
        requireKind(withChecksum(FOOTER.bytes().put(40, (byte) 1)), Kind.TOO_NEW);
    }

    @Test
    void lengthsThatCannotBeAreCorrupt() {
        requireKind(withChecksum(FOOTER.bytes().put(8, (byte) 0x80)), Kind.CORRUPT);
        requireKind(withChecksum(FOOTER.bytes().put(8, (byte) 0x20)), Kind.CORRUPT);
        requireKind(withChecksum(FOOTER.bytes().put(16, (byte) 0x80)), Kind.CORRUPT);
    }

    private static ByteBuffer withChecksum(ByteBuffer footer) {
        CRC32C crc = new CRC32C();
        crc.update(footer.slice(0, 44));
        return footer.putInt(44, (int) crc.getValue());
    }

    private static void requireKind(ByteBuffer bytes, Kind kind) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> SliceFooter.parse(bytes))
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
