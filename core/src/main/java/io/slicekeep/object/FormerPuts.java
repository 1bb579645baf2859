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
     * Waits until they have ended. A process that slept just before records of its became visible could make them so however late:
     * that is ended too. Returns the namespace without the sites that cannot do so now; a store that never can must refuse late
     * requests by itself.
     */
    static Namespace outwaited(Namespace joint, NamespaceObjects.FillListener listener) throws IOException {
        Duration grace = joint.facilities().timing().deadline().multipliedBy(4);
        UnfinishedRecords unfinished = new UnfinishedRecords(joint);
        listener.waits(grace);
        joint.tasks().pause(grace);
        unfinished.end();
        Layout layout = joint.layout();
        Set<Integer> open = new TreeSet<>(unfinished.failures().keySet());
        open.removeIf(site -> !(layout.sites().get(site).store() instanceof TidyBlobStore));
        return joint.under(layout.without(open, "it cannot end records that are being put"));
    }
}
