package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.object.ObjectStore.GarbageListener;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.NameScan;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One pass of a collector over a namespace (docs/PROTOCOLS.md 6). Names are taken in batches, so that memory is bounded and
 * each batch is waited for once. Confined to one thread; any number of collectors may run beside each other, and beside
 * everybody else.
 */
final class GarbageCollection {
    /** Names that are waited for together. */
    private static final int BATCH_NAMES = 50_000;

    private final RecordNamespace namespace;
    private final GarbageListener listener;
    private final OldVersions oldVersions;
    private final GarbageTally tally;

    GarbageCollection(RecordNamespace namespace, GarbageListener listener) {
        this.namespace = namespace;
        this.listener = listener;
        this.oldVersions = new OldVersions(namespace);
        this.tally = new GarbageTally(namespace);
    }

    GarbageReport run() throws IOException {
        collectOrphans();
        NameScan scan = namespace.records().scan(namespace.format().recordsIn(""), "objects", Certainty.PROVEN);
        Map<EncodedName, Revision> batch = next(scan);
        while (!batch.isEmpty()) {
            pause(deadline(), batch.size());
            Map<EncodedName, Revision> graves = new LinkedHashMap<>();
            for (Map.Entry<EncodedName, Revision> seen : batch.entrySet()) {
                collect(seen.getKey(), seen.getValue(), graves);
            }
            purge(graves);
            batch = next(scan);
        }
        return tally.report();
    }

    /** First, since a name beneath which slices lie is not forgotten. */
    private void collectOrphans() throws IOException {
        Orphans orphans = new Orphans(namespace);
        orphans.collect(this::outwaitPuts);
        tally.countSlices(orphans.slices());
        orphans.pending().forEach(tally::note);
    }

    private Duration deadline() {
        return namespace.facilities().timing().deadline();
    }

    /** G: nobody acts later than that on what he saw before. */
    private Duration grace() {
        return deadline().multipliedBy(4);
    }

    /** Waits for G; tells whether no record can become visible any more that somebody was putting before. */
    private boolean outwaitPuts(int names) throws IOException {
        UnfinishedRecords unfinished = new UnfinishedRecords(namespace);
        if (unfinished.isWhole()) {
            pause(grace(), names);
            unfinished.end();
        }
        unfinished.failures().forEach(tally::note);
        return unfinished.isWhole();
    }

    private void pause(Duration duration, int names) throws IOException {
        listener.waits(duration, names);
        namespace.tasks().pause(duration);
    }

    /** Returns the next names that have old versions or a tombstone, and the version of each that stands now. */
    private Map<EncodedName, Revision> next(NameScan scan) throws IOException {
        Map<EncodedName, Revision> batch = new LinkedHashMap<>();
        EncodedName name;
        while (batch.size() < BATCH_NAMES && (name = scan.nextUntidy()) != null) {
            Inventory inventory = namespace.records().inventory(target(name));
            sweep(inventory);
            Optional<ListedRecord> standing = oldVersions.standing(inventory);
            if (standing.isPresent()) {
                complete(name, standing.get());
                batch.put(name, standing.get().revision());
            }
        }
        return batch;
    }

    /** Only a tombstone has to be put where it is missing: what is not deleted is repaired. */
    private void complete(EncodedName name, ListedRecord standing) throws IOException {
        if (standing.hints().kind() == RecordKind.TOMBSTONE) {
            namespace.records().complete(target(name), standing.revision());
        }
    }

    private void sweep(Inventory inventory) throws IOException {
        Map<Integer, List<BlobKey>> lost = new TreeMap<>();
        inventory.sites().forEach((site, atSite) -> lost.put(site, oldVersions.lostNotes(atSite)));
        lost.values().removeIf(List::isEmpty);
        Deletion.run(namespace, lost).forEach(tally::note);
    }

    /** Deletes what is older than a version that has stood for D, where it stands; a grave is left if that is a tombstone. */
    private void collect(EncodedName name, Revision standing, Map<EncodedName, Revision> graves) throws IOException {
        Inventory inventory = namespace.records().inventory(target(name));
        inventory.failures().forEach(tally::note);
        Map<Integer, List<BlobKey>> doomed = new TreeMap<>();
        inventory.sites().forEach((site, atSite) -> {
            List<BlobKey> older = oldVersions.olderThan(standing, name, atSite);
            if (!older.isEmpty() && atSite.attemptsAt(standing).isEmpty()) {
                tally.note(site, OldVersions.newerIsMissing());
            } else if (!older.isEmpty()) {
                doomed.put(site, older);
            }
        });
        Map<Integer, IOException> kept = Deletion.run(namespace, doomed);
        kept.forEach(tally::note);
        doomed.keySet().removeAll(kept.keySet());
        doomed.values().forEach(tally::count);
        boolean deleted = oldVersions
                .standing(inventory)
                .filter(newest -> newest.revision().equals(standing))
                .filter(newest -> newest.hints().kind() == RecordKind.TOMBSTONE)
                .isPresent();
        if (deleted && kept.isEmpty() && inventory.failures().isEmpty()) {
            graves.put(name, standing);
        }
    }

    /** Deletes tombstones that all sites showed, and nothing else of the name, at two looks that are G apart. */
    private void purge(Map<EncodedName, Revision> graves) throws IOException {
        Map<EncodedName, Revision> alone = new LinkedHashMap<>();
        for (Map.Entry<EncodedName, Revision> grave : graves.entrySet()) {
            if (!keysIfAlone(grave.getKey(), grave.getValue()).isEmpty()) {
                alone.put(grave.getKey(), grave.getValue());
            }
        }
        if (alone.isEmpty() || !outwaitPuts(alone.size())) {
            return;
        }
        for (Map.Entry<EncodedName, Revision> grave : alone.entrySet()) {
            Map<Integer, List<BlobKey>> keys = keysIfAlone(grave.getKey(), grave.getValue());
            if (!keys.isEmpty() && isOld(grave.getValue())) {
                Map<Integer, IOException> kept = Deletion.run(namespace, keys);
                kept.forEach(tally::note);
                if (kept.isEmpty()) {
                    tally.countPurged();
                }
            }
        }
    }

    /** Returns the keys of a tombstone at all sites; nothing unless all n answer, show it, and show nothing else. */
    private Map<Integer, List<BlobKey>> keysIfAlone(EncodedName name, Revision tombstone) throws IOException {
        Inventory inventory = namespace.records().inventory(target(name));
        Map<Integer, List<BlobKey>> keys = new HashMap<>();
        inventory.sites().forEach((site, atSite) -> {
            List<ListedRecord> attempts = atSite.attemptsAt(tombstone);
            boolean alone = attempts.size() == atSite.records().size()
                    && atSite.slices().isEmpty();
            if (alone && !attempts.isEmpty()) {
                keys.put(site, withNotes(attempts, atSite));
            }
        });
        return keys.size() == namespace.layout().sites().size() ? keys : Map.of();
    }

    /** Records go first: a note without its record is not believed. */
    private static List<BlobKey> withNotes(List<ListedRecord> attempts, Inventory.AtSite atSite) {
        List<BlobKey> keys = new ArrayList<>();
        attempts.forEach(attempt -> keys.add(attempt.key()));
        atSite.notes().forEach(note -> keys.add(note.key()));
        return keys;
    }

    /** A put with an older counter may be acknowledged by a clock that is behind; it must be over by now. */
    private boolean isOld(Revision tombstone) {
        return namespace.tasks().wallMicros() - tombstone.counter() > grace().toNanos() / 1000;
    }

    private static Target target(EncodedName name) {
        return new Target(name, "a name");
    }
}
