package io.slicekeep.object;

import io.slicekeep.record.EncodedName;
import io.slicekeep.task.Grace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Since when something is known of names, for who waits until others have ended what they may have begun before. Thread-safe;
 * forgets the eldest of many, for which one waits anew.
 *
 * @param <T> what is known; immutable
 */
final class Sightings<T> {
    private static final int MAX_REMEMBERED = 10_000;

    private final Facilities facilities;
    private final Map<EncodedName, Sighting<T>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EncodedName, Sighting<T>> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    Sightings(Facilities facilities) {
        this.facilities = facilities;
    }

    /**
     * What was seen, and until when others may still act as if it were not there.
     *
     * @param <T> what
     * @param what it
     * @param othersEnd when all have ended what they began before
     */
    record Sighting<T>(T what, Grace othersEnd) {}

    /** Returns what was first seen of a name, which may be now. */
    synchronized Sighting<T> first(EncodedName name, T now) {
        return known.computeIfAbsent(name, key -> new Sighting<>(now, newGrace()));
    }

    /** Returns since when this is what is seen of a name, which may be now. */
    synchronized Sighting<T> latest(EncodedName name, T now) {
        if (!now.equals(first(name, now).what())) {
            known.remove(name);
        }
        return first(name, now);
    }

    synchronized void forget(EncodedName name) {
        known.remove(name);
    }

    private Grace newGrace() {
        return facilities.tasks().grace(facilities.timing().deadline());
    }
}
