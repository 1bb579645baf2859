package io.slicekeep.membership;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A configuration, and who of its sites is there. Immutable.
 *
 * @param configuration the configuration
 * @param standings how the n members stand, in the order of their slices
 * @param incoming how the site stands that is coming
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
        List<Site> sites = new ArrayList<>();
        standings.forEach(standing -> sites.add(standing.site(sites.size())));
        Layout members = new Layout(configuration.profile(), sites, configuration.epoch());
        return configuration.transition().map(change -> joint(members, change)).orElse(members);
    }

    private Layout joint(Layout members, Transition change) {
        Optional<Site> coming = incoming.map(newcomer -> {
            String name = change.replaces() ? newcomer.name() + " (new)" : newcomer.name();
            return new Site(standings.size(), newcomer.slice(), name, newcomer.store());
        });
        return members.joint(change.profile(), change.leaving(), coming, configuration.epoch());
    }
}
