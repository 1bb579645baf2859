package io.slicekeep.scrub;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a scrub found. Versions are those that are current, or may become so. Immutable.
 *
 * @param sites n
 * @param needed k
 * @param versionsByWholeSlices how many versions have how many whole slices
 * @param counts what else was counted
 * @param missing slices and records that sites do not list, by the site's name
 * @param rotten those that are wrong, by the site's name
 * @param away sites that cannot be listed: name to reason
 */
public record ScrubReport(
        int sites,
        int needed,
        Map<Integer, Long> versionsByWholeSlices,
        Counts counts,
        Map<String, Long> missing,
        Map<String, Long> rotten,
        Map<String, String> away) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Copies the maps. */
    public ScrubReport {
        versionsByWholeSlices = Map.copyOf(versionsByWholeSlices);
        missing = Map.copyOf(new TreeMap<>(missing));
        rotten = Map.copyOf(new TreeMap<>(rotten));
        away = Map.copyOf(away);
    }

    /**
     * What else was counted.
     *
     * @param belowNeeded versions of which fewer than k slices are whole, or may be at sites that do not answer
     * @param deleted tombstones, which a deep scrub tells from objects
     * @param unproven versions that too few sites list to be believed: unfinished, or one site's invention
     * @param unreached blobs that belong to no version that is listed: garbage, or of a put under way
     * @param bytesRead how much was read of records and slices
     * @param rebuiltSlices slices that were rebuilt
     * @param rebuiltBytes their bytes, as far as they are data
     * @param rebuildNanos how long that took
     * @param lackingSlices slices that are still missing or wrong at sites in reach
     * @param lackingBytes their bytes, as far as they are data
     * @param forKeys versions of which something is wrong that only repair with keys can mend
     */
    public record Counts(
            long belowNeeded,
            long deleted,
            long unproven,
            long unreached,
            long bytesRead,
            long rebuiltSlices,
            long rebuiltBytes,
            long rebuildNanos,
            long lackingSlices,
            long lackingBytes,
            long forKeys) {}

    /**
     * Returns how many versions have fewer than k slices, even if all those are whole that are out of reach: they are lost, or
     * were never acknowledged.
     *
     * @return at least 0
     */
    public long belowNeeded() {
        return counts.belowNeeded;
    }

    /**
     * Returns how many versions the next loss of a slice would make unreadable.
     *
     * @return those with k whole slices; 0 if n is k, where it is meant so
     */
    public long inDanger() {
        return sites == needed ? 0 : versionsWith(needed, needed);
    }

    /**
     * Returns how many versions the next loss of a slice would bring into danger.
     *
     * @return those with k + 1 whole slices
     */
    public long nextToDanger() {
        return sites == needed ? 0 : versionsWith(needed + 1, needed + 1);
    }

    /**
     * Returns how long it would take to rebuild what is lacking, as fast as this scrub has rebuilt: the time within which no
     * further loss should come.
     *
     * @return seconds; empty if something lacks and nothing was rebuilt
     */
    public Optional<Double> secondsToWhole() {
        if (counts.lackingBytes == 0) {
            return Optional.of(0.0);
        }
        return counts.rebuiltBytes == 0
                ? Optional.empty()
                : Optional.of(
                        (double) counts.lackingBytes / counts.rebuiltBytes * counts.rebuildNanos / NANOS_PER_SECOND);
    }

    /**
     * Tells whether enough sites are in reach to read what nothing else is wrong with.
     *
     * @return true if k sites were listed to the end
     */
    public boolean readable() {
        return sites - away.size() >= needed;
    }

    /**
     * Tells whether nothing is missing or wrong.
     *
     * @return true if all is whole and all sites are there
     */
    public boolean whole() {
        return missing.isEmpty() && rotten.isEmpty() && away.isEmpty() && belowNeeded() == 0;
    }

    private long versionsWith(int least, int most) {
        return versionsByWholeSlices.entrySet().stream()
                .filter(level -> least <= level.getKey() && level.getKey() <= most)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
