package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.site.Site;
import java.util.List;
import java.util.Set;

/**
 * Where the slices of one blob lie: slice i under {@code base/i} at each site whose slice it is. Immutable.
 *
 * @param base what the slices' keys begin with
 * @param blobId the identity that every slice must carry
 * @param dataSlices k: how many of its slices give the blob back
 * @param epoch the configuration's epoch that the slices were placed by, as the blob's head says; sites may have come
 *     and gone since
 * @param layout the sites of today and the quorums
 */
public record Spread(BlobKey base, BlobId blobId, int dataSlices, long epoch, Layout layout) {
    /**
     * Returns the sites.
     *
     * @return the layout's
     */
    public List<Site> sites() {
        return layout.sites();
    }

    /**
     * Returns the same place as it looks when some sites are left out, as if they had nothing.
     *
     * @param leftOut their indexes
     * @param reason why they are left out
     * @return a spread whose other sites are the same
     */
    public Spread without(Set<Integer> leftOut, String reason) {
        return leftOut.isEmpty() ? this : new Spread(base, blobId, dataSlices, epoch, layout.without(leftOut, reason));
    }

    /**
     * Returns the key of the slice at a site.
     *
     * @param siteIndex the site's index
     * @return {@code base/slice}
     */
    public BlobKey sliceKey(int siteIndex) {
        return BlobKey.of(base + "/" + sites().get(siteIndex).slice());
    }
}
