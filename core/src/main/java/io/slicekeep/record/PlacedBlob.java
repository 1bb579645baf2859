package io.slicekeep.record;

/**
 * A blob in one of its placements, as the keys of its slices tell it. Immutable.
 *
 * @param version the write that made it: a revision of generation 0
 * @param placement which of its placements
 */
public record PlacedBlob(Revision version, int placement) {
    /**
     * Returns where the slices of a head's blob lie, if they do not stand in it.
     *
     * @param revision the head's
     * @param hints the head's
     * @return the blob
     */
    public static PlacedBlob of(Revision revision, Hints hints) {
        return new PlacedBlob(revision.ofGeneration(0), hints.placement());
    }

    /**
     * Tells whether another one has replaced this one.
     *
     * @param newer the blob of a head that stands
     * @return true if it is of an older version, or of the same in an earlier placement
     */
    public boolean isBefore(PlacedBlob newer) {
        int versions = version.compareTo(newer.version);
        return versions < 0 || (versions == 0 && placement < newer.placement);
    }
}
