package io.slicekeep.membership;

import java.util.List;
import java.util.Optional;

/**
 * Which configuration the sites agree on, for whoever has no key to verify one (docs/PROTOCOLS.md 11). One that Q of its own
 * members show, who are more than half of the sites that were looked for: a few liars can name themselves the only members, but
 * they are not most of the sites that the keep file names. Immutable.
 */
final class Agreement {
    private final Survey survey;
    private final int siteCount;

    /** Counts among so many sites that were looked for. */
    Agreement(Survey survey, int siteCount) {
        this.survey = survey;
        this.siteCount = siteCount;
    }

    /** Returns the newest that they agree on, among these. */
    Optional<Configuration> among(List<Configuration> newestFirst) {
        return newestFirst.stream().filter(this::isAgreedOn).findFirst();
    }

    private boolean isAgreedOn(Configuration configuration) {
        Survey members = survey.membersOf(Roster.of(configuration, survey));
        long showing = members.found().stream()
                .filter(glimpse -> shows(glimpse, configuration))
                .count();
        return showing >= configuration.profile().registerQuorum() && 2 * showing > siteCount;
    }

    private static boolean shows(Glimpse glimpse, Configuration configuration) {
        return glimpse.configurations().stream().anyMatch(shown -> shown.value().equals(configuration));
    }
}
