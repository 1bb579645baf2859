package io.slicekeep.site;

import io.slicekeep.blob.BlobStore;

/**
 * A store in its role as one of n failure domains. A site that is away has a store whose every call fails with
 * {@link io.slicekeep.error.UnavailableException} saying why. Immutable; closing the store is its creator's affair.
 *
 * @param index its position, 0 to n - 1; slice {@code index} of every blob lies here
 * @param name what people call it, in messages and in the keep file
 * @param store where its blobs lie
 */
public record Site(int index, String name, BlobStore store) {
    /** Checks the index. */
    public Site {
        if (index < 0 || index > 254) {
            throw new IllegalArgumentException("a site's index must be 0 to 254: index=" + index);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
