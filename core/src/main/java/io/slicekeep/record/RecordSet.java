package io.slicekeep.record;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The records of one revision at all n sites: the same but for the slice. Immutable.
 *
 * @param common the common part
 * @param authenticated the bytes of the common part and its MAC
 * @param slotArea the key slots; empty for a tombstone
 * @param slices the n slices of an inline object, else none
 */
public record RecordSet(CommonPart common, Bytes authenticated, Bytes slotArea, List<ByteBuffer> slices) {
    /** Checks the number of slices. */
    public RecordSet {
        slices = List.copyOf(slices);
        if (!slices.isEmpty() && slices.size() != common.placement().slices()) {
            throw new IllegalArgumentException("an inline record must have a slice per site: slices=" + slices.size());
        }
    }

    /**
     * Returns the bytes of the record at a site.
     *
     * @param slice which slice lies there
     * @return buffers of its own, of which the slice is not copied
     */
    public ByteBuffer[] buffers(int slice) {
        ByteBuffer inline =
                slices.isEmpty() ? ByteBuffer.allocate(0) : slices.get(slice).duplicate();
        return RecordCodec.write(this, slice, inline);
    }
}
