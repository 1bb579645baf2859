package io.slicekeep.membership;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.membership.Configuration.Replacement;
import io.slicekeep.site.Site;
import java.util.List;
import java.util.Optional;

/**
 * A configuration, and who of its sites is there. Immutable.
 *
 * @param configuration the configuration
 * @param standings how the n members stand, in the order of their indexes
 * @param incoming how the site stands that is taking a member's place
 */
record Roster(Configuration configuration, List<Standing> standings, Optional<Standing> incoming) {
    Roster {
        standings = List.copyOf(standings);
    }

    static Roster of(Configuration configuration, Survey survey) {
        List<Standing> all = new RollCall(configuration, survey).standings();
        int members = configuration.members().size();
        return new Roster(
                configuration,
                all.subList(0, members),
                all.stream().skip(members).findFirst());
    }

    /** Returns how many of the members are there. */
    int presentCount() {
        return (int) standings.stream().filter(Standing::present).count();
    }

    /** Returns where data lies by this configuration. */
    Layout layout() {
        List<Site> sites = standings.stream().map(Standing::site).toList();
        Layout members = new Layout(configuration.profile(), sites, configuration.epoch());
        return incoming.map(coming -> joint(members, coming)).orElse(members);
    }

    private Layout joint(Layout members, Standing coming) {
        Replacement replacement = configuration.replacement().orElseThrow();
        return members.joint(
                replacement.index(),
                replacement.departure(),
                coming.name() + " (new)",
                coming.store(),
                configuration.epoch());
    }
}
