package io.slicekeep.object;

import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.Revision;
import java.util.Set;

/**
 * What the operations of one process on the objects of a namespace remember from each other.
 *
 * @param longNames names that were read out of their heads
 * @param tombstones since when they are known to stand on W sites
 * @param unreached since when slices of these blobs are known to be unreached
 */
record Memory(LongNames longNames, Sightings<Revision> tombstones, Sightings<Set<PlacedBlob>> unreached) {
    static Memory of(Facilities facilities) {
        return new Memory(new LongNames(), new Sightings<>(facilities), new Sightings<>(facilities));
    }
}
