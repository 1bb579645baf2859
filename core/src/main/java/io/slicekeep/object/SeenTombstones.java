package io.slicekeep.object;

import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Revision;
import io.slicekeep.task.Deadline;
import java.util.LinkedHashMap;
import java.util.Map;

/** Since when tombstones are known to stand on W sites. Thread-safe; forgets the eldest of many. */
final class SeenTombstones {
    private static final int MAX_REMEMBERED = 10_000;

    private final Facilities facilities;
    private final Map<EncodedName, Seen> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EncodedName, Seen> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    SeenTombstones(Facilities facilities) {
        this.facilities = facilities;
    }

    private record Seen(Revision tombstone, Deadline readersEnd) {}

    /** Returns when the readings end that may have begun before the tombstone was first seen here, which may be now. */
    synchronized Deadline readersEnd(EncodedName name, Revision tombstone) {
        Seen known = seen.get(name);
        if (known == null || !known.tombstone().equals(tombstone)) {
            known = new Seen(
                    tombstone, facilities.tasks().deadline(facilities.timing().deadline()));
            seen.put(name, known);
        }
        return known.readersEnd();
    }
}
