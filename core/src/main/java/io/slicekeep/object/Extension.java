package io.slicekeep.object;

import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.Need;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Brings a write that began under one layout up to what the one asks for that holds when it is to be acknowledged
 * (docs/PROTOCOLS.md 10). Its revision stays: with another counter it might be applied twice. One object per write, confined to
 * one thread.
 */
final class Extension {
    private final Namespace written;
    private final Target target;
    private final Revision revision;

    /** Begins with the layout under which the revision was recorded. */
    Extension(Namespace written, Target target, Revision revision) {
        this.written = written;
        this.target = target;
        this.revision = revision;
    }

    /**
     * Returns once the revision, or a newer one, stands as the layout asks that holds then.
     *
     * @throws OutcomeUnknownException if that cannot be had
     */
    void run() throws OutcomeUnknownException {
        try {
            Namespace before = written;
            Namespace now = before.confirmed();
            while (!now.agreesWith(before)) {
                extendTo(now);
                before = now;
                now = before.confirmed();
            }
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    target + " may or may not have been written: while it was, the sites of the keep changed; "
                            + Reasons.of(e),
                    e);
        }
    }

    /** Reading the name puts what is found on W sites. A newer revision that stands hides this one as it would have anyway. */
    private void extendTo(Namespace now) throws IOException {
        try (Current current = now.records().read(target, Need.HEAD, Certainty.PROVEN)) {
            if (current.revision()
                    .filter(found -> found.compareTo(revision) >= 0)
                    .isEmpty()) {
                throw new UnavailableException("too few of those of today hold it");
            }
            if (current.found().isPresent()) {
                Current.Value value = current.found().get();
                boolean own = value.revision().equals(revision);
                if (own && value.record().stored().common().content() instanceof Content.Sliced) {
                    completeSlices(SlicedBlob.of(now, value), value.record().secret());
                }
            }
        }
    }

    /** Rebuilds a blob's slices where today's sites lack them, until they stand on W sites. */
    void completeSlices(SlicedBlob blob, OpenSecret secret) throws IOException {
        Namespace now = blob.namespace();
        Inventory inventory = now.records().inventory(target);
        SliceRepair repair = new SliceRepair(blob, secret);
        Map<Integer, IOException> lacking = repair.run(Damage.unlisted(blob.spread(), inventory));
        List<Integer> holding = now.layout().sites().stream()
                .map(Site::index)
                .filter(site -> !lacking.containsKey(site))
                .toList();
        if (!now.layout().quorums().written(holding)) {
            throw new UnavailableException("its slices stand on " + holding.size() + " sites, "
                    + now.layout().quorums().writers() + " must hold theirs");
        }
    }
}
