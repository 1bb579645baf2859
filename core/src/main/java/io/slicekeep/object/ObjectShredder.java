package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import io.slicekeep.record.WriteTicket;
import io.slicekeep.task.Grace;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Deletes what stands beneath a tombstone (docs/PROTOCOLS.md 6): only after the deadline has passed since the
 * tombstone was seen on W sites, so that no reading or writing that began before is still under way; only at sites where it
 * stands, since a site with neither would count as lacking it; and at a site first the records, then the slices that they
 * name. Thread-safe.
 */
final class ObjectShredder {
    private final RecordNamespace namespace;
    private final KeySharers sharers;
    private final OldVersions oldVersions;
    private final Sightings<Revision> seen;

    ObjectShredder(RecordNamespace namespace, LongNames longNames, Sightings<Revision> seen) {
        this.namespace = namespace;
        this.sharers = new KeySharers(namespace, longNames);
        this.oldVersions = new OldVersions(namespace);
        this.seen = seen;
    }

    ShredReport shred(ObjectName name) throws IOException {
        Target target = namespace.target(name);
        Inventory inventory = namespace.records().inventory(target);
        if (!stands(inventory)) {
            putTombstone(name, inventory);
            inventory = namespace.records().inventory(target);
        }
        return shred(target, inventory);
    }

    /** What was never acknowledged is shredded too, though a deletion would find nothing to delete. */
    private void putTombstone(ObjectName name, Inventory inventory) throws IOException {
        ObjectDeleter deleter = new ObjectDeleter(namespace);
        Optional<ListedRecord> newest = inventory.newest();
        if (newest.isPresent()) {
            Target target = namespace.target(name);
            WriteTicket ticket =
                    namespace.records().begin(target, newest.get().revision().counter());
            namespace.records().commit(ticket, deleter.tombstone(name, target, ticket.revision()), deleter.hints());
            new Extension(namespace, target, ticket.revision()).run();
        } else {
            deleter.delete(name, Condition.NONE);
        }
    }

    /** Tells whether a tombstone is the newest that any site shows and stands on W of them. */
    private boolean stands(Inventory inventory) {
        Optional<Revision> newest = inventory.newest().map(ListedRecord::revision);
        return oldVersions
                .standing(inventory)
                .filter(standing -> standing.hints().kind() == RecordKind.TOMBSTONE)
                .filter(standing -> newest.equals(Optional.of(standing.revision())))
                .isPresent();
    }

    private ShredReport shred(Target target, Inventory inventory) throws IOException {
        Optional<ListedRecord> newest = inventory.newest();
        List<ObjectName> sharing = List.of();
        Map<Integer, String> pending = new HashMap<>();
        inventory.failures().forEach((site, failure) -> pending.put(site, Reasons.of(failure)));
        if (newest.isPresent() && newest.get().hints().kind() != RecordKind.TOMBSTONE) {
            inventory.sites().keySet().forEach(site -> pending.put(site, "a newer version was written meanwhile"));
        } else if (newest.isPresent()) {
            Revision tombstone = newest.get().revision();
            boolean stood = stands(inventory);
            namespace.records().complete(target, tombstone);
            if (!stood) {
                inventory.sites().keySet().forEach(site -> pending.put(site, "the deletion is not acknowledged yet"));
                return report(pending, List.of());
            }
            sharing = sharers.of(target.name(), inventory, tombstone);
            pending.putAll(shred(target, tombstone, inventory));
        }
        return report(pending, sharing);
    }

    private Map<Integer, String> shred(Target target, Revision tombstone, Inventory inventory) throws IOException {
        Grace readersEnd = seen.latest(target.name(), tombstone).othersEnd();
        Map<Integer, String> pending = new HashMap<>();
        Map<Integer, List<BlobKey>> doomed = new TreeMap<>();
        inventory.sites().forEach((site, atSite) -> {
            List<BlobKey> keys = oldVersions.olderThan(tombstone, target.name(), atSite);
            if (atSite.attemptsAt(tombstone).isEmpty()) {
                pending.put(site, "did not hold the tombstone");
            } else if (!keys.isEmpty() && !readersEnd.isOver()) {
                pending.put(site, "waits " + secondsLeft(readersEnd) + " s for readers that may be under way");
            } else if (!keys.isEmpty()) {
                doomed.put(site, keys);
            }
        });
        Deletion.run(namespace, doomed).forEach((site, failure) -> pending.put(site, Reasons.of(failure)));
        return pending;
    }

    private ShredReport report(Map<Integer, String> pending, List<ObjectName> sharing) {
        Map<String, String> byName = new TreeMap<>();
        pending.forEach((site, reason) ->
                byName.put(namespace.layout().sites().get(site).name(), reason));
        return new ShredReport(byName, sharing);
    }

    private static long secondsLeft(Grace grace) {
        return grace.remaining().toSeconds() + 1;
    }
}
