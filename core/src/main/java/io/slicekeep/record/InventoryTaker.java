package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists all that all sites have of a name. Thread-safe. */
final class InventoryTaker {
    private final Realm realm;

    InventoryTaker(Realm realm) {
        this.realm = realm;
    }

    /** Asks all sites; those that do not answer before the deadline have failed. */
    Inventory take(EncodedName name, Deadline deadline) throws IOException {
        Map<Integer, Inventory.AtSite> sites = new HashMap<>();
        Map<Integer, IOException> failures = new HashMap<>();
        try (TaskGroup<Inventory.AtSite> group = realm.means().tasks().group()) {
            for (Site site : realm.layout().sites()) {
                failures.put(site.index(), new UnavailableException("has not answered in time"));
                group.fork(site.index(), () -> take(site, name));
            }
            Outcome<Inventory.AtSite> outcome = group.next(deadline);
            while (outcome != null) {
                IOException failure = outcome.failure();
                if (failure == null) {
                    sites.put(outcome.index(), outcome.get());
                    failures.remove(outcome.index());
                } else {
                    failures.put(outcome.index(), failure);
                }
                outcome = group.next(deadline);
            }
        }
        return new Inventory(sites, failures);
    }

    private Inventory.AtSite take(Site site, EncodedName name) throws IOException {
        List<BlobKey> keys = SiteKeys.of(site, realm.format().recordsOf(name));
        List<ListedRecord> records = keys.stream()
                .flatMap(key -> realm.format().open(key).stream())
                .filter(listed -> listed.name().equals(name))
                .toList();
        List<ListedNote> notes = keys.stream()
                .flatMap(key -> realm.format().openNote(key).stream())
                .filter(note -> note.name().equals(name))
                .toList();
        return new Inventory.AtSite(
                records, notes, SiteKeys.of(site, realm.format().slicesOf(name)));
    }
}
