package io.slicekeep.object;

/**
 * What the operations of one process on the objects of a namespace remember from each other.
 *
 * @param longNames names that were read out of their heads
 * @param seenTombstones since when tombstones are known to stand
 * @param seenSlices since when slices are known to be unreached
 */
record Memory(LongNames longNames, SeenTombstones seenTombstones, SeenSlices seenSlices) {
    static Memory of(Facilities facilities) {
        return new Memory(new LongNames(), new SeenTombstones(facilities), new SeenSlices(facilities));
    }
}
