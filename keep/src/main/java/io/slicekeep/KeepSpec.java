package io.slicekeep;

import io.slicekeep.dispersal.Profile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a keep is created from. Immutable.
 *
 * @param profile how data is spread
 * @param sites one directory per slice: k + m of them, in the order of their indexes
 */
public record KeepSpec(Profile profile, List<SitePath> sites) {
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
    }
}
