package io.slicekeep.blob;

import java.util.List;

/**
 * One page of a listing. Immutable.
 *
 * @param keys in ascending bytewise order, without repetition
 * @param more whether keys beyond the last one may exist; never true with no keys
 */
public record Listing(List<BlobKey> keys, boolean more) {
    /** Checks the page and copies the keys. */
    public Listing {
        keys = List.copyOf(keys);
        if (more && keys.isEmpty()) {
            throw new IllegalArgumentException("a page that says more must hold a key");
        }
    }
}
