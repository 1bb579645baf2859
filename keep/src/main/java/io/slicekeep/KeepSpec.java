package io.slicekeep;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.membership.Configuration;
import io.slicekeep.object.NamespaceMode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a keep is created from. Immutable.
 *
 * @param profile how data is spread
 * @param sites one directory per slice: k + m of them, in the order of their indexes
 * @param lease how long a process may go on working with what it last read of who the sites are, whole milliseconds up to one
 *     hour; replacing a site waits for twice that. Zero lets each operation read it, before and after
 * @param mode how writes take each other's place; never changed later
 */
public record KeepSpec(Profile profile, List<SitePath> sites, Duration lease, NamespaceMode mode) {
    /** The lease unless told otherwise: 30 seconds. */
    public static final Duration DEFAULT_LEASE = Configuration.Terms.DEFAULT_LEASE;

    /** Checks that the sites fit the profile and have names of their own. */
    public KeepSpec {
        sites = List.copyOf(sites);
        if (sites.size() != profile.sites()) {
            throw new IllegalArgumentException(ProfileWords.mismatch(profile, sites.size()));
        }
        Set<String> names = new HashSet<>();
        for (SitePath site : sites) {
            if (!names.add(site.name())) {
                throw new IllegalArgumentException("each site needs a name of its own: name=" + site.name());
            }
        }
        Configuration.Terms.requireLease(lease);
    }

    /**
     * Creates a specification with the default lease, in which the last writer wins.
     *
     * @param profile how data is spread
     * @param sites one directory per slice: k + m of them, in the order of their indexes
     */
    public KeepSpec(Profile profile, List<SitePath> sites) {
        this(profile, sites, DEFAULT_LEASE, NamespaceMode.LWW);
    }
}
