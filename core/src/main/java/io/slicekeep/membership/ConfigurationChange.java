package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Reasons;
import io.slicekeep.site.Site;
import io.slicekeep.task.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts configurations in force. One that is named must be found: so it stands at Q sites before the register names it. */
final class ConfigurationChange {
    private final Membership membership;

    ConfigurationChange(Membership membership) {
        this.membership = membership;
    }

    /**
     * Puts a configuration in force, unless somebody else is faster.
     *
     * @param present what is in force now
     * @param next its successor
     * @return what is in force then
     * @throws UnavailableException if it is not in force and will not be
     * @throws OutcomeUnknownException if it may or may not be in force
     */
    Roster make(Roster present, Configuration next) throws IOException {
        publish(present.layout(), next);
        membership.succession().decide(present, next);
        return membership.reread();
    }

    /** Writes a configuration at a site. */
    void write(Site site, Configuration configuration) throws IOException {
        BlobKey key = MemberKeys.fresh(
                MemberKeys.CONFIG,
                configuration.epoch(),
                membership.search().means().random());
        SmallBlob.write(site.store(), key, membership.succession().seal(configuration));
    }

    private void publish(Layout layout, Configuration next) throws IOException {
        List<Integer> written = new ArrayList<>();
        Map<String, String> missing = new TreeMap<>();
        List<Outcome<Boolean>> outcomes = membership.search().everywhere().call(layout.sites(), site -> {
            write(site, next);
            return true;
        });
        for (Outcome<Boolean> outcome : outcomes) {
            if (outcome.succeeded()) {
                written.add(outcome.index());
            } else {
                missing.put(layout.sites().get(outcome.index()).name(), Reasons.of(outcome.failure()));
            }
        }
        if (!layout.quorums().decided(written)) {
            throw new UnavailableException("too few sites took the next configuration of keep " + next.keepId()
                    + ": needed " + layout.quorums().deciders() + ", found " + written.size() + "; "
                    + Reasons.joined(missing));
        }
    }
}
