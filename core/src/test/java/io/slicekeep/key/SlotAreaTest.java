package io.slicekeep.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotAreaTest {
    private static final KeySlot SMALL = new KeySlot(new KeyUri("a:"), new byte[0], new byte[] {7});
    private static final KeySlot LARGE = new KeySlot(
            new KeyUri("b:" + "x".repeat(510)), new byte[KeySlot.MAX_INFO_BYTES], filled(KeySlot.MAX_WRAPPED_BYTES));

    @Test
    void theBytesAreThoseOfTheFormat() {
        KeySlot slot = new KeySlot(new KeyUri("local:k"), new byte[] {0, 0, 0, 2}, new byte[] {1, 2, 3});

        String area = HexFormat.of().formatHex(SlotArea.encode(List.of(slot), 64));

        assertThat(area)
                .startsWith("534b534c" + "01" + "01" + "0000" + "00000020" + "0007" + "6c6f63616c3a6b" + "0004"
                        + "00000002" + "0003" + "010203");
        assertThat(area.substring(64, 120)).containsOnlyDigits().matches("0+");
    }

    @Test
    void slotsRoundTrip() throws FormatException {
        for (List<KeySlot> slots : List.of(
                List.of(SMALL),
                List.of(LARGE),
                List.of(SMALL, LARGE, SMALL),
                Collections.nCopies(16, SMALL),
                Collections.nCopies(6, LARGE))) {
            for (int areaBytes : new int[] {SlotArea.bytesFor(slots), 60_000, 65_536}) {
                assertThat(parse(SlotArea.encode(slots, areaBytes))).isEqualTo(slots);
            }
        }
    }

    @Test
    void anAreaIsReadFromAnyBufferAndConsumed() throws FormatException {
        byte[] area = SlotArea.encode(List.of(SMALL), 64);
        ByteBuffer direct = ByteBuffer.allocateDirect(100).position(10);
        direct.put(area).flip().position(10);

        assertThat(SlotArea.parse(direct)).containsExactly(SMALL);
        assertThat(direct.position()).isEqualTo(74);
        assertThat(SlotArea.parse(ByteBuffer.wrap(area).asReadOnlyBuffer())).containsExactly(SMALL);
    }

    @Test
    void aBufferThatCannotBeReadStaysWhereItIs() {
        ByteBuffer area = ByteBuffer.wrap(SlotArea.encode(List.of(SMALL), 64)).put(20, (byte) 99);

        assertThat(catchThrowableOfType(FormatException.class, () -> SlotArea.parse(area)))
                .isNotNull();
        assertThat(area.position()).isZero();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SlotArea.encode(List.of(), 64));
        assertThatIllegalArgumentException().isThrownBy(() -> SlotArea.encode(Collections.nCopies(17, SMALL), 4096));
        assertThatIllegalArgumentException().isThrownBy(() -> SlotArea.encode(List.of(SMALL), 63));
        assertThatIllegalArgumentException().isThrownBy(() -> SlotArea.encode(List.of(SMALL), 65_537));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlotArea.encode(List.of(LARGE), 4096))
                .withMessageContaining("areaBytes=4096");
        assertThatIllegalArgumentException().isThrownBy(() -> SlotArea.encode(Collections.nCopies(7, LARGE), 65_536));
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] area = SlotArea.encode(List.of(SMALL, SMALL), 80);
        for (int bit = 0; bit < area.length * 8; bit++) {
            byte[] flipped = area.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Kind expected = bit < 32 ? Kind.NOT_OURS : bit < 40 ? Kind.TOO_NEW : Kind.CORRUPT;
            assertThat(kind(flipped)).as("bit %d", bit).isEqualTo(expected);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] area = SlotArea.encode(List.of(SMALL, SMALL), 80);
        for (int bytes = 0; bytes < area.length; bytes++) {
            assertThat(kind(Arrays.copyOf(area, bytes))).isEqualTo(bytes < 4 ? Kind.NOT_OURS : Kind.CORRUPT);
        }
    }

    @Test
    void flagsWithARightChecksumAreTooNew() {
        assertThat(kind(mended(area -> area.put(6, (byte) 1)))).isEqualTo(Kind.TOO_NEW);
        assertThat(kind(mended(area -> area.put(7, (byte) 1)))).isEqualTo(Kind.TOO_NEW);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17, 255})
    void impossibleCountsWithARightChecksumAreCorrupt(int count) {
        assertThat(kind(mended(area -> area.put(5, (byte) count)))).isEqualTo(Kind.CORRUPT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11, 12, 20, 22, 61, 0x7fffffff, 0x80000000, 0xffffffff})
    void impossibleUsedLengthsWithARightChecksumAreCorrupt(int usedBytes) {
        assertThat(kind(mended(area -> area.putInt(8, usedBytes)))).isEqualTo(Kind.CORRUPT);
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 16, 18})
    void giantFieldLengthsWithARightChecksumAreCorrupt(int offset) {
        for (int fieldBytes : new int[] {0xffff, 0x8000, 0x7fff, 49, 10}) {
            assertThat(kind(mended(area -> area.putShort(offset, (short) fieldBytes))))
                    .as("%d at %d", fieldBytes, offset)
                    .isEqualTo(Kind.CORRUPT);
        }
    }

    @Test
    void malformedSlotsWithARightChecksumAreCorrupt() {
        assertThat(kind(mended(area -> area.put(14, (byte) ':')))).isEqualTo(Kind.CORRUPT);
        assertThat(kind(mended(area -> area.put(14, (byte) 0xe4)))).isEqualTo(Kind.CORRUPT);
        assertThat(kind(mended(area -> area.put(14, (byte) 0)))).isEqualTo(Kind.CORRUPT);
        assertThat(kind(mended(area -> area.putShort(18, (short) 0)))).isEqualTo(Kind.CORRUPT);
        assertThat(kind(mended(area -> area.put(40, (byte) 1)))).isEqualTo(Kind.CORRUPT);
    }

    @Test
    void sixteenSlotsOfTheLongestFieldsAreBoundedByTheArea() {
        List<KeySlot> slots = new ArrayList<>(Collections.nCopies(16, LARGE));

        assertThat(SlotArea.bytesFor(slots)).isGreaterThan(SlotArea.MAX_BYTES);
        assertThat(kind(new byte[1 << 20])).isEqualTo(Kind.NOT_OURS);
        byte[] giant = Arrays.copyOf(SlotArea.encode(List.of(SMALL), 64), 1 << 20);
        assertThat(kind(giant)).isEqualTo(Kind.CORRUPT);
    }

    private static byte[] mended(Consumer<ByteBuffer> change) {
        ByteBuffer area = ByteBuffer.wrap(SlotArea.encode(List.of(SMALL), 64));
        change.accept(area);
        CRC32C crc = new CRC32C();
        crc.update(area.slice(0, 60));
        return area.putInt(60, (int) crc.getValue()).array();
    }

    private static Kind kind(byte[] area) {
        FormatException refused = catchThrowableOfType(FormatException.class, () -> parse(area));
        assertThat(refused)
                .as("parsing %s", HexFormat.of().formatHex(Arrays.copyOf(area, 64)))
                .isNotNull();
        return refused.kind();
    }

    private static List<KeySlot> parse(byte[] area) throws FormatException {
        return SlotArea.parse(ByteBuffer.wrap(area));
    }

    private static byte[] filled(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 9);
        return bytes;
    }
}
