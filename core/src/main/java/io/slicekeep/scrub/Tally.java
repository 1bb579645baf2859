package io.slicekeep.scrub;

import io.slicekeep.site.Site;
import java.util.Map;
import java.util.TreeMap;

/** What a scrub counts while it runs. Confined to one thread. */
final class Tally {
    final Map<Integer, Long> levels = new TreeMap<>();
    final Map<String, Long> missing = new TreeMap<>();
    final Map<String, Long> rotten = new TreeMap<>();
    long belowNeeded;
    long deleted;
    long unproven;
    long unreached;
    long rebuiltSlices;
    long rebuiltBytes;
    long rebuildNanos;
    long lackingSlices;
    long lackingBytes;
    long forKeys;

    static void add(Map<String, Long> counts, Site site) {
        counts.merge(site.name(), 1L, Long::sum);
    }

    ScrubReport.Counts counts(long bytesRead) {
        return new ScrubReport.Counts(
                belowNeeded,
                deleted,
                unproven,
                unreached,
                bytesRead,
                rebuiltSlices,
                rebuiltBytes,
                rebuildNanos,
                lackingSlices,
                lackingBytes,
                forKeys);
    }
}
