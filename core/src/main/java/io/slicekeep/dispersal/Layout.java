package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Where a keep's data lies: one epoch of its configuration. While one site is replaced by another, the layout is joint: the
 * site that comes stands behind the n members, and holds the same slices as the one that leaves. Immutable.
 *
 * @param profile k, m and the quorums
 * @param sites all n sites, or n + 1 in a joint layout, in the order of their indexes; those that are away too
 * @param epoch the configuration's epoch
 * @param quorums which of the sites are enough
 */
public record Layout(Profile profile, List<Site> sites, long epoch, Quorums quorums) {
    /** Checks that every slice has its place. */
    public Layout {
        sites = List.copyOf(sites);
        if (sites.size() < profile.sites() || sites.size() > profile.sites() + 1 || epoch < 0) {
            throw new IllegalArgumentException("a layout must have k + m sites and an epoch of at least 0: sites="
                    + sites.size() + " profile=" + profile + " epoch=" + epoch);
        }
        for (int i = 0; i < sites.size(); i++) {
            Site site = sites.get(i);
            if (site.index() != i || (i < profile.sites() ? site.slice() != i : site.slice() >= i)) {
                throw new IllegalArgumentException("sites must stand in the order of their indexes: sites=" + sites);
            }
        }
    }

    /**
     * Creates a layout of n members.
     *
     * @param profile k, m and the quorums
     * @param sites all n sites, in the order of their indexes; those that are away too
     * @param epoch the configuration's epoch
     */
    public Layout(Profile profile, List<Site> sites, long epoch) {
        this(profile, requireMembers(profile, sites), epoch, Quorums.of(profile));
    }

    private static List<Site> requireMembers(Profile profile, List<Site> sites) {
        if (sites.size() != profile.sites()) {
            throw new IllegalArgumentException(
                    "a layout must have k + m sites: sites=" + sites.size() + " profile=" + profile);
        }
        return sites;
    }

    /**
     * Returns the joint layout in which another store takes a member's place.
     *
     * @param leaving the member's index
     * @param departure whether the member is still there
     * @param name what people call the site that comes
     * @param store where its blobs lie
     * @param jointEpoch the epoch of the joint layout
     * @return a layout of n + 1 sites
     * @throws IllegalArgumentException if the member is lost, and what was acknowledged may be lost with it
     */
    public Layout joint(int leaving, Departure departure, String name, BlobStore store, long jointEpoch) {
        List<Site> all = new ArrayList<>(requireMembers(profile, sites));
        if (departure == Departure.LOST) {
            all.set(leaving, all.get(leaving).at(new AwayStore("declared lost; " + name + " takes its place")));
        }
        all.add(new Site(all.size(), leaving, name, store));
        return new Layout(profile, all, jointEpoch, Quorums.joint(profile, leaving, departure));
    }

    /**
     * Returns the same layout as it looks when some sites are left out, as if they had nothing.
     *
     * @param leftOut their indexes
     * @param reason why they are left out
     * @return a layout whose other sites are the same
     */
    Layout without(Collection<Integer> leftOut, String reason) {
        List<Site> remaining = sites.stream()
                .map(site -> leftOut.contains(site.index()) ? site.at(AwayStore.leftOut(reason)) : site)
                .toList();
        return new Layout(profile, remaining, epoch, quorums);
    }

    /**
     * Returns who the n members are, each in the place of its slice.
     *
     * @return the members; in a joint layout those before the change, then those after
     */
    public List<List<Site>> memberships() {
        List<Site> before = sites.subList(0, profile.sites());
        if (sites.size() == before.size()) {
            return List.of(before);
        }
        Site coming = sites.get(before.size());
        List<Site> after = new ArrayList<>(before);
        after.set(coming.slice(), coming);
        return List.of(before, List.copyOf(after));
    }

    /**
     * Counts the slices of a blob that lie at some sites.
     *
     * @param siteIndexes the sites' indexes
     * @return how many different slices they hold
     */
    public int sliceCount(Collection<Integer> siteIndexes) {
        BitSet slices = new BitSet();
        siteIndexes.forEach(index -> slices.set(sites.get(index).slice()));
        return slices.cardinality();
    }

    /**
     * Returns how a new blob is spread over these sites.
     *
     * @param base what the slices' keys begin with
     * @param blobId the identity that every slice must carry
     * @return the spread
     */
    public Spread spread(BlobKey base, BlobId blobId) {
        return new Spread(base, blobId, epoch, this);
    }
}
