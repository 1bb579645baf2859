package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where the slices of one blob lie: slice i at site i under {@code base/i}. Immutable.
 *
 * @param base what the slices' keys begin with
 * @param blobId the identity that every slice must carry
 * @param epoch the configuration's epoch that the slices are placed by
 * @param profile k, m and the write quorum
 * @param sites all n sites, in the order of their indexes
 */
public record Spread(BlobKey base, BlobId blobId, long epoch, Profile profile, List<Site> sites) {
    /** Checks that there is one site per slice. */
    public Spread {
        sites = List.copyOf(sites);
        if (sites.size() != profile.sites()) {
            throw new IllegalArgumentException(
                    "a spread must have k + m sites: sites=" + sites.size() + " profile=" + profile);
        }
    }

    /**
     * Returns the same place as it looks when some sites are away.
     *
     * @param leftOut their indexes
     * @param reason why they are left out
     * @return a spread whose other sites are the same
     */
    public Spread without(Set<Integer> leftOut, String reason) {
        List<Site> remaining = new ArrayList<>();
        for (Site site : sites) {
            boolean out = leftOut.contains(site.index());
            remaining.add(out ? new Site(site.index(), site.name(), new AwayStore(reason)) : site);
        }
        return new Spread(base, blobId, epoch, profile, remaining);
    }

    /**
     * Returns the key of a slice.
     *
     * @param index 0 to n - 1
     * @return {@code base/index}
     */
    public BlobKey sliceKey(int index) {
        return BlobKey.of(base + "/" + index);
    }
}
