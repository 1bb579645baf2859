package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.site.Site;
import java.util.List;

/**
 * Where a keep's data lies: one epoch of its configuration. Immutable.
 *
 * @param profile k, m and the quorums
 * @param sites all n sites, in the order of their indexes; those that are away too
 * @param epoch the configuration's epoch
 */
public record Layout(Profile profile, List<Site> sites, long epoch) {
    /** Checks that there is one site per slice. */
    public Layout {
        sites = List.copyOf(sites);
        if (sites.size() != profile.sites() || epoch < 0) {
            throw new IllegalArgumentException("a layout must have k + m sites and an epoch of at least 0: sites="
                    + sites.size() + " profile=" + profile + " epoch=" + epoch);
        }
        for (int i = 0; i < sites.size(); i++) {
            if (sites.get(i).index() != i) {
                throw new IllegalArgumentException("sites must stand in the order of their indexes: sites=" + sites);
            }
        }
    }

    /**
     * Returns how a blob is spread over these sites.
     *
     * @param base what the slices' keys begin with
     * @param blobId the identity that every slice must carry
     * @return the spread
     */
    public Spread spread(BlobKey base, BlobId blobId) {
        return new Spread(base, blobId, epoch, profile, sites);
    }
}
