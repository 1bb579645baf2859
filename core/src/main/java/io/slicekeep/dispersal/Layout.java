package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where a keep's data lies: one epoch of its configuration. While who the members are changes, or how many of them are enough,
 * the layout is joint: a site that comes stands behind the n members, and what is enough is so by the profile of before among the
 * members before, and by the next one among those after. Immutable.
 *
 * @param profile k, m, f and f_w; in a joint layout those of before
 * @param sites all n sites, or n + 1 if one is coming, in the order of their indexes; those that are away too
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
            if (sites.get(i).index() != i) {
                throw new IllegalArgumentException("sites must stand in the order of their indexes: sites=" + sites);
            }
        }
        for (List<Site> members : memberships(sites, quorums)) {
            if (members.stream().map(Site::slice).distinct().count() != members.size()) {
                throw new IllegalArgumentException("members must have different slices: members=" + members);
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
     * Returns the joint layout that lies between this one and that of a next profile.
     *
     * @param next the next profile; of another k only if no member goes and no site comes
     * @param leaving the member that goes, if one does
     * @param coming the site that comes, if one does: with an index of n, and the slice of the member that goes, or one of its own
     * @param jointEpoch the epoch of the joint layout
     * @return a layout of n or n + 1 sites
     * @throws IllegalArgumentException if the numbers do not fit, or a member is lost and what was acknowledged may be lost with it
     */
    public Layout joint(Profile next, Optional<Leaving> leaving, Optional<Site> coming, long jointEpoch) {
        List<Site> all = new ArrayList<>(requireMembers(profile, sites));
        leaving.filter(gone -> gone.departure() == Departure.LOST)
                .ifPresent(gone -> all.set(
                        gone.index(),
                        all.get(gone.index()).at(new AwayStore("declared lost; it is not asked any more"))));
        coming.ifPresent(all::add);
        return new Layout(profile, all, jointEpoch, Quorums.joint(profile, next, leaving, coming.isPresent()));
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
        Site coming = new Site(sites.size(), sites.get(leaving).slice(), name, store);
        return joint(profile, Optional.of(new Leaving(leaving, departure)), Optional.of(coming), jointEpoch);
    }

    /**
     * Returns the same layout as it looks when some sites are left out, as if they had nothing.
     *
     * @param leftOut their indexes
     * @param reason why they are left out
     * @return a layout whose other sites are the same
     */
    public Layout without(Collection<Integer> leftOut, String reason) {
        return with(leftOut, AwayStore.leftOut(reason));
    }

    /**
     * Returns the same layout as it looks while some sites are away.
     *
     * @param away their indexes
     * @param reason why they are away
     * @return a layout whose other sites are the same
     */
    public Layout whileAway(Collection<Integer> away, String reason) {
        return with(away, new AwayStore(reason));
    }

    private Layout with(Collection<Integer> replaced, BlobStore store) {
        List<Site> all = sites.stream()
                .map(site -> replaced.contains(site.index()) ? site.at(store) : site)
                .toList();
        return new Layout(profile, all, epoch, quorums);
    }

    /**
     * Returns who the members are; no two of them have the same slice.
     *
     * @return the members; in a joint layout those before the change, then those after
     */
    public List<List<Site>> memberships() {
        return memberships(sites, quorums);
    }

    private static List<List<Site>> memberships(List<Site> sites, Quorums quorums) {
        return quorums.memberships().stream()
                .map(members -> members.stream().mapToObj(sites::get).toList())
                .toList();
    }

    /**
     * Returns how many cells the code makes of a stripe, so that each site has its own. No cell depends on how many there are; and
     * where members have gone, some lie nowhere.
     *
     * @return one more than the greatest number of a slice, at least k
     */
    public int cells() {
        return 1 + sites.stream().mapToInt(Site::slice).max().orElseThrow();
    }

    /**
     * Returns k of new blobs.
     *
     * @return how many slices give one back; in a joint layout by the next profile
     */
    public int dataSlices() {
        int[] all = quorums.dataSlices();
        return all[all.length - 1];
    }

    /**
     * Returns how many slices give any blob back, of whatever profile.
     *
     * @return k, or the greater one
     */
    public int mostDataSlices() {
        return Arrays.stream(quorums.dataSlices()).max().orElseThrow();
    }

    /**
     * Tells whether all that stands is being sliced anew, by another k.
     *
     * @return true in the joint layout between two profiles of different k
     */
    public boolean reslices() {
        return quorums.dataSlices().length > 1;
    }

    /**
     * Returns how many sites may be at fault.
     *
     * @return f; in a joint layout the greater one
     */
    public int faults() {
        return quorums.faults();
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
        return new Spread(base, blobId, dataSlices(), epoch, this);
    }
}
