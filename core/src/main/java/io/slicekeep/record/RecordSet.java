package io.slicekeep.record;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The records of one revision at all sites: the same but for the slice. Immutable.
 *
 * @param common the common part
 * @param authenticated the bytes of the common part and its MAC
 * @param slotArea the key slots; empty for a tombstone
 * @param slices the slices of an inline object by their numbers, else none
 */
public record RecordSet(CommonPart common, Bytes authenticated, Bytes slotArea, List<Slice> slices) {
    /** Copies the list. */
    public RecordSet {
        slices = List.copyOf(slices);
    }

    /**
     * A slice that stands in a record.
     *
     * @param bytes the cell
     * @param mac binds it to its number and the record
     */
    public record Slice(ByteBuffer bytes, Bytes mac) {
        static final Slice NONE = new Slice(ByteBuffer.allocate(0), Bytes.EMPTY);
    }

    /**
     * Returns the bytes of the record at a site.
     *
     * @param slice which slice lies there
     * @return buffers of its own, of which the slice is not copied
     */
    public ByteBuffer[] buffers(int slice) {
        return RecordCodec.write(this, slice, slices.isEmpty() ? Slice.NONE : slices.get(slice));
    }
}
