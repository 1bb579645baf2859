package io.slicekeep.site;

import io.slicekeep.blob.BlobStore;

/**
 * A store in its role as one of a keep's failure domains. A site that is away has a store whose every call fails with
 * {@link io.slicekeep.error.UnavailableException} saying why. Immutable; closing the store is its creator's affair.
 *
 * @param index its position among the sites, by which sets of sites are counted: 0 to n - 1, or n for a site that is coming
 * @param slice which slice of every blob lies here, 0 to 254: that of data cells below k, else of parity; it stays the site's as
 *     others come and go, and passes to the one that takes its place
 * @param name what people call it, in messages and in the keep file
 * @param store where its blobs lie
 */
public record Site(int index, int slice, String name, BlobStore store) {
    /** Checks the index. */
    public Site {
        if (index < 0 || index > 255 || slice < 0 || slice > 254) {
            throw new IllegalArgumentException(
                    "a site's index must be 0 to 255, its slice 0 to 254: index=" + index + " slice=" + slice);
        }
    }

    /**
     * Creates a member of a keep whose members never changed.
     *
     * @param index its position, and which slice it has
     * @param name what people call it
     * @param store where its blobs lie
     */
    public Site(int index, String name, BlobStore store) {
        this(index, index, name, store);
    }

    /**
     * Returns this site with another store.
     *
     * @param other where its blobs lie
     * @return a site of the same name and place
     */
    public Site at(BlobStore other) {
        return new Site(index, slice, name, other);
    }

    @Override
    public String toString() {
        return name;
    }
}
