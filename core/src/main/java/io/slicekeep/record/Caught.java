package io.slicekeep.record;

import io.slicekeep.error.SlicekeepException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sites that one reading has caught: whose copy of a revision is not what was written, or who listed it twice and could
 * not serve it. They count neither as showing the revision nor as lacking it. Only those are at fault whose copy is bad or
 * missing: one that cannot be read just now is merely away. Confined to one thread at a time.
 */
final class Caught {
    private final Map<Revision, Map<Integer, IOException>> proven = new HashMap<>();
    private final Map<Revision, Map<Integer, IOException>> suspected = new HashMap<>();

    /** Notes that a site's copy was damaged or not genuine. */
    void prove(Revision revision, int site, IOException why) {
        proven.computeIfAbsent(revision, r -> new TreeMap<>()).putIfAbsent(site, why);
    }

    /** Notes that a site listed a revision and could not serve it; the second time proves it. */
    void suspect(Revision revision, int site, IOException why) {
        if (suspected.computeIfAbsent(revision, r -> new TreeMap<>()).putIfAbsent(site, why) != null) {
            prove(revision, site, why);
        }
    }

    Set<Integer> at(Revision revision) {
        return proven.getOrDefault(revision, Map.of()).keySet();
    }

    /** Returns those that have used up one of the f faults; if those that are away counted, f liars could be more. */
    Set<Integer> faultyAt(Revision revision) {
        Set<Integer> faulty = new TreeSet<>();
        proven.getOrDefault(revision, Map.of()).forEach((site, why) -> {
            if (SlicekeepException.isDamage(why)) {
                faulty.add(site);
            }
        });
        return faulty;
    }

    /** Returns what is held against a site, proven or not. */
    @Nullable
    IOException against(Revision revision, int site) {
        IOException sure = proven.getOrDefault(revision, Map.of()).get(site);
        return sure != null ? sure : suspected.getOrDefault(revision, Map.of()).get(site);
    }
}
