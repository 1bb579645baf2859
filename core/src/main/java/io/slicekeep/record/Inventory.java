package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything that the sites list of one name. Immutable.
 *
 * @param sites what each site that answered lists, by its index
 * @param failures why the others did not answer
 */
public record Inventory(Map<Integer, AtSite> sites, Map<Integer, IOException> failures) {
    /** Copies the maps, in order: a copy made by {@link Map#copyOf} has another one in every JVM. */
    public Inventory {
        sites = Collections.unmodifiableMap(new TreeMap<>(sites));
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
    }

    /**
     * What one site lists of a name.
     *
     * @param records its records, of all revisions
     * @param notes its notes, beside a record or not
     * @param slices the keys of its slices, of all versions
     */
    public record AtSite(List<ListedRecord> records, List<ListedNote> notes, List<BlobKey> slices) {
        /** Copies the lists. */
        public AtSite {
            records = List.copyOf(records);
            notes = List.copyOf(notes);
            slices = List.copyOf(slices);
        }

        /**
         * Returns the records of one revision.
         *
         * @param revision which
         * @return one per attempt
         */
        public List<ListedRecord> attemptsAt(Revision revision) {
            return records.stream()
                    .filter(listed -> listed.revision().equals(revision))
                    .toList();
        }
    }

    /**
     * Returns the newest revision that any site lists.
     *
     * @return one of its records, or empty if there is none
     */
    public Optional<ListedRecord> newest() {
        return records().max(Comparator.comparing(ListedRecord::revision));
    }

    /**
     * Returns the sites that list a revision.
     *
     * @param revision which
     * @return their indexes
     */
    public List<Integer> showing(Revision revision) {
        return sites.entrySet().stream()
                .filter(site -> !site.getValue().attemptsAt(revision).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Returns all records of all sites.
     *
     * @return one per site and attempt
     */
    public Stream<ListedRecord> records() {
        return sites.values().stream().flatMap(site -> site.records().stream());
    }
}
