package io.slicekeep.membership;

import io.slicekeep.error.FormatException;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.SlotArea;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The keep's secret as it stands at the sites: wrapped, one slot per key that opens the keep. Changing keys means writing a
 * blob of the next generation. Nothing here is MACed: a slot is right if it opens to the keep's id. Immutable.
 *
 * <pre>
 *  0  8  magic, letter K     16 16  keep id
 *  8  2  version             32  8  generation
 * 10  2  flags, zero         40  4  CRC32C of [0, 40)
 * 12  4  slotAreaBytes       44     slot area
 * </pre>
 *
 * @param keepId which keep
 * @param generation counts the changes of the keys, from 1
 * @param slots 1 to 16
 */
public record WrappedKeys(KeepId keepId, long generation, List<KeySlot> slots) {
    static final int HEADER_BYTES = 44;

    /** The longest blob. */
    public static final int MAX_BYTES = HEADER_BYTES + SlotArea.MAX_BYTES;

    private static final char LETTER = 'K';
    private static final int AREA_BYTES_OFFSET = 12;
    private static final int KEEP_ID_OFFSET = 16;
    private static final int GENERATION_OFFSET = 32;
    private static final int CRC_OFFSET = 40;
    private static final String WHAT = "the keep's keys";

    /** Checks the ranges. */
    public WrappedKeys {
        MemberKeys.requireNumber(generation);
        slots = List.copyOf(slots);
    }

    /**
     * Parses the keys.
     *
     * @param blob the whole blob
     * @return what it says
     * @throws FormatException if it is not ours, too new or corrupt
     */
    public static WrappedKeys parse(byte[] blob) throws FormatException {
        ByteBuffer in = MemberBlob.requireBegin(blob, LETTER, HEADER_BYTES + SlotArea.MIN_BYTES, WHAT);
        MemberBlob.requireCrc(blob, CRC_OFFSET, WHAT);
        MemberBlob.requireZero(in.getShort(MemberBlob.FLAGS_OFFSET), "its flags", WHAT);
        int areaBytes = in.getInt(AREA_BYTES_OFFSET);
        long generation = in.getLong(GENERATION_OFFSET);
        if (areaBytes != blob.length - HEADER_BYTES || generation < 1 || generation > MemberKeys.MAX_NUMBER) {
            throw MemberBlob.corrupt(WHAT, "slotAreaBytes=" + areaBytes + " generation=" + generation);
        }
        byte[] keepId = new byte[KeepId.BYTES];
        in.get(KEEP_ID_OFFSET, keepId);
        return new WrappedKeys(KeepId.of(keepId), generation, SlotArea.parse(in.slice(HEADER_BYTES, areaBytes)));
    }

    /**
     * Returns the blob.
     *
     * @return at most {@link #MAX_BYTES}
     */
    public byte[] encode() {
        int areaBytes = SlotArea.bytesFor(slots);
        byte[] blob = new byte[HEADER_BYTES + areaBytes];
        ByteBuffer out = MemberBlob.begin(LETTER, blob)
                .putInt(areaBytes)
                .put(keepId.bytes())
                .putLong(generation);
        out.putInt(MemberBlob.crc(blob, CRC_OFFSET)).put(SlotArea.encode(slots, areaBytes));
        return blob;
    }
}
