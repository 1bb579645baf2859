package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.Target;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Brings the newest version of every name to where a joint layout asks for it, and to the site that is coming if one is; deletions
 * too: a name whose tombstone is missed could come back. Names that are written meanwhile are written there as well. Where the
 * joint layout is one between two profiles of different k, what is of the former one is sliced anew. Confined to one thread.
 */
final class SiteFilling {
    private static final int MOST_ATTEMPTS = 5;
    private static final int MOST_FAILURES = 10;

    private final Namespace namespace;
    private final Upkeep upkeep;
    private final List<Integer> incoming;
    private final FoundNames names;
    private final NamespaceObjects.FillListener listener;
    private final List<String> failures = new ArrayList<>();

    /** Fills the sites of a joint layout; one that is coming is its last. */
    SiteFilling(Namespace joint, Memory memory, NamespaceObjects.FillListener listener) {
        this.namespace = joint;
        this.upkeep = joint.upkeep(memory);
        this.names = new FoundNames(joint, memory.longNames());
        Layout layout = joint.layout();
        int members = layout.profile().sites();
        this.incoming = layout.sites().stream().map(Site::index).skip(members).toList();
        this.listener = listener;
    }

    /** Returns if everything is there. */
    void run() throws IOException {
        Upkeep.Names all = upkeep.names();
        EncodedName name = all.next();
        while (name != null && failures.size() < MOST_FAILURES) {
            bring(name);
            listener.filled();
            name = all.next();
        }
        if (!failures.isEmpty()) {
            throw new UnavailableException("these objects cannot be rebuilt, so what has them may not go: bring back"
                    + " the sites that are away, or delete them ('slicekeep rm'), and try again: "
                    + String.join("; ", failures));
        }
    }

    private void bring(EncodedName name) throws IOException {
        Target target = new Target(name, names.shown(name));
        try {
            for (int attempt = 1; !isThere(target, attempt == MOST_ATTEMPTS); attempt++) {
                namespace
                        .tasks()
                        .pause(namespace.facilities().timing().patience().hedgeDelay());
            }
        } catch (TooFewSlicesException | IntegrityException e) {
            failures.add(target + ": " + Reasons.of(e));
        }
    }

    /** Tries once; a name that is written at this very moment needs another try. */
    private boolean isThere(Target target, boolean last) throws IOException {
        try {
            requireThere(target, upkeep.complete(target));
            return true;
        } catch (UnavailableException e) {
            if (last) {
                throw e;
            }
            return false;
        }
    }

    private void requireThere(Target target, Map<Integer, IOException> lacking) throws UnavailableException {
        Layout layout = namespace.layout();
        List<Integer> holding = layout.sites().stream()
                .map(Site::index)
                .filter(site -> !lacking.containsKey(site))
                .toList();
        if (!holding.containsAll(incoming) || !layout.quorums().written(holding)) {
            throw new UnavailableException(
                    target + " stands on too few sites: " + Reasons.joined(namespace.byName(lacking)));
        }
    }
}
