package io.slicekeep.register;

import io.slicekeep.site.Site;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one site lists of a register. Immutable.
 *
 * @param site which site
 * @param keys genuine ones only
 */
record SiteAnswer(Site site, List<RegisterKey> keys) {
    /** Tells whether the site shows this blob and nothing of a higher ballot. */
    boolean endsWith(RegisterKey key) {
        return keys.contains(key)
                && highest().filter(top -> top.isAbove(key.ballot())).isEmpty();
    }

    Optional<Ballot> highest() {
        return keys.stream().map(RegisterKey::ballot).max(Comparator.naturalOrder());
    }
}
