package io.slicekeep.object;

import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Revision;
import io.slicekeep.task.Deadline;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Since when slices are known to be unreached. Thread-safe; forgets the eldest of many. */
final class SeenSlices {
    private static final int MAX_REMEMBERED = 10_000;

    private final Facilities facilities;
    private final Map<EncodedName, Seen> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EncodedName, Seen> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    SeenSlices(Facilities facilities) {
        this.facilities = facilities;
    }

    /**
     * What was unreached, and until when somebody may still name or read it.
     *
     * @param versions whose slices
     * @param end when they may be deleted
     */
    record Seen(Set<Revision> versions, Deadline end) {}

    /** Returns what was first seen of a name here, which may be now. */
    synchronized Seen first(EncodedName name, Set<Revision> now) {
        return seen.computeIfAbsent(
                name,
                key -> new Seen(
                        now, facilities.tasks().deadline(facilities.timing().deadline())));
    }

    synchronized void forget(EncodedName name) {
        seen.remove(name);
    }
}
