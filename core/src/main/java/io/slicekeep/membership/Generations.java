package io.slicekeep.membership;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import java.util.Comparator;
import java.util.List;

/** Where the keys that shall be changed stand among those that the sites show. Immutable. */
final class Generations {
    private final Membership membership;
    private final WrappedKeys current;
    private final Profile profile;
    private final List<Long> shown;

    Generations(Membership membership, WrappedKeys current) {
        this.membership = membership;
        this.current = current;
        this.profile = membership.configuration().profile();
        this.shown = membership.standings().stream()
                .filter(Standing::present)
                .map(Standing::keysGeneration)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /**
     * Refuses keys that were replaced: a change made from them would take away those that replaced them. They were if as many
     * sites as a change needs may have newer ones; up to f of those that show some may lie, and as many hide them.
     */
    void requireNewest() throws KeyUnavailableException {
        long newer = shown.stream()
                .filter(generation -> generation > current.generation())
                .count();
        int unseen = profile.sites() - shown.size() + profile.faults();
        if (newer > profile.faults() && newer + unseen >= profile.writeQuorum()) {
            throw new KeyUnavailableException(
                    Reason.WRONG_KEY,
                    "the keep was opened with keys from before the last change, of generation " + current.generation()
                            + ", and " + newer + " sites have newer ones: open it with the keys of now");
        }
    }

    /**
     * Returns the next generation. It is counted from what more than f sites show, so that liars cannot use the numbers up.
     * Keys at fewer sites may be one ahead, left by a change that stopped midway; those that we wrote count whatever the sites
     * showed before.
     */
    long next() {
        long agreed = shown.stream().skip(profile.faults()).findFirst().orElse(0L);
        long ahead = shown.stream().findFirst().orElse(0L);
        boolean found = current.equals(membership.keys());
        long stands = found ? Math.min(ahead, agreed + 1) : current.generation();
        return Math.max(stands, agreed) + 1;
    }
}
