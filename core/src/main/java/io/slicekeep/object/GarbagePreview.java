package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.NameScan;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.Optional;

/** Finds what {@link GarbageCollection} would delete, and changes nothing. Confined to one thread. */
final class GarbagePreview {
    private final RecordNamespace namespace;
    private final OldVersions oldVersions;
    private final GarbageTally tally;

    GarbagePreview(RecordNamespace namespace) {
        this.namespace = namespace;
        this.oldVersions = new OldVersions(namespace);
        this.tally = new GarbageTally(namespace);
    }

    GarbageReport run() throws IOException {
        Orphans orphans = new Orphans(namespace);
        tally.countSlices(orphans.find());
        orphans.pending().forEach(tally::note);
        NameScan scan = namespace.records().scan(namespace.format().recordsIn(""), "objects", Certainty.PROVEN);
        for (EncodedName name = scan.nextUntidy(); name != null; name = scan.nextUntidy()) {
            Inventory inventory = namespace.records().inventory(new Target(name, "a name"));
            inventory.failures().forEach(tally::note);
            Optional<ListedRecord> standing = oldVersions.standing(inventory);
            if (standing.isPresent()) {
                count(name, standing.get(), inventory);
            }
        }
        return tally.report();
    }

    private void count(EncodedName name, ListedRecord standing, Inventory inventory) {
        inventory.sites().forEach((site, atSite) -> {
            if (!atSite.attemptsAt(standing.revision()).isEmpty()) {
                tally.count(oldVersions.olderThan(standing.revision(), name, atSite));
            } else if (!oldVersions.olderThan(standing.revision(), name, atSite).isEmpty()) {
                tally.note(site, OldVersions.newerIsMissing());
            }
        });
        if (standing.hints().kind() == RecordKind.TOMBSTONE
                && inventory.failures().isEmpty()) {
            tally.countPurged();
        }
    }
}
