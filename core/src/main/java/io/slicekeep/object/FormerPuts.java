package io.slicekeep.object;

import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.dispersal.Layout;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts that began by a profile of another k than the next one (docs/PROTOCOLS.md 10). Whoever slices all anew waits for them, so that
 * nothing of the former k comes to be more after it was looked at.
 */
final class FormerPuts {
    private FormerPuts() {}

    /**
     * Waits until they have ended: G since the last of them confirmed the layout of before, D of which it looks at its deadline. A
     * process that slept just before records of its became visible could make them so however late: what was unfinished after D is
     * ended too. Returns the namespace as it is while the sites are away that cannot do so now; a store that never can must refuse
     * late requests by itself.
     */
    static Namespace outwaited(Namespace joint, NamespaceObjects.FillListener listener) throws IOException {
        Duration deadline = joint.facilities().timing().deadline();
        listener.waits(deadline.multipliedBy(4));
        joint.tasks().pause(deadline);
        UnfinishedRecords unfinished = new UnfinishedRecords(joint);
        joint.tasks().pause(deadline.multipliedBy(3));
        unfinished.end();
        Layout layout = joint.layout();
        Set<Integer> open = new TreeSet<>(unfinished.failures().keySet());
        open.removeIf(site -> !(layout.sites().get(site).store() instanceof TidyBlobStore));
        return joint.under(layout.whileAway(open, "it cannot end records that are being put: see 'slicekeep doctor'"));
    }
}
