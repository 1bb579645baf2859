package io.slicekeep.record;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one site's listing shows of one name: genuine keys only. Immutable.
 *
 * @param site the site's index
 * @param records newest first; one revision may stand there several times, by several attempts
 * @param noted the revisions that genuine notes call final, whether or not they are shown
 * @param whole whether the listing was read to its end, so that older ones are not merely out of sight
 */
record SiteView(int site, List<ListedRecord> records, Set<Revision> noted, boolean whole) {
    SiteView {
        noted = Set.copyOf(noted);
        records = records.stream()
                .sorted(Comparator.comparing(ListedRecord::revision).reversed())
                .toList();
    }

    Optional<Revision> newest() {
        return records.isEmpty() ? Optional.empty() : Optional.of(records.get(0).revision());
    }

    boolean shows(Revision revision) {
        return records.stream().anyMatch(listed -> listed.revision().equals(revision));
    }

    /** Tells whether a revision stands beside a note of it. A note alone may have outlived the record. */
    boolean notes(Revision revision) {
        return noted.contains(revision) && shows(revision);
    }

    /** Returns the keys of a revision, one per attempt. */
    List<ListedRecord> attemptsAt(Revision revision) {
        return records.stream()
                .filter(listed -> listed.revision().equals(revision))
                .toList();
    }

    /** Tells whether a revision would be shown if it were there: the listing was read to its end, or to what is older. */
    boolean reaches(Revision revision) {
        return whole || records.stream().anyMatch(listed -> revision.isNewerThan(listed.revision()));
    }

    /** A site that has nothing as new as a revision lacks it; one that shows newer ones may have had it once. */
    boolean lacks(Revision revision) {
        return newest().map(revision::isNewerThan).orElse(whole);
    }
}
