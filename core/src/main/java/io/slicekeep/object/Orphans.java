package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.record.BlobScan;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.NameScan;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the slices of puts that never came to their record (docs/PROTOCOLS.md 6): those that no record at any of all n sites
 * names, and that are so old that no put may record them any more. Blobs and names are merged in the order of their keys, so
 * that only what looks like garbage costs a listing. The second look spares every put of a usual length even if its clock is
 * wrong by years. Confined to one thread.
 */
final class Orphans {
    /** The others are left to the next collection, so that memory is bounded. */
    private static final int MOST = 50_000;

    private final RecordNamespace namespace;
    private final Map<Integer, IOException> pending = new HashMap<>();
    private long slices;

    Orphans(RecordNamespace namespace) {
        this.namespace = namespace;
    }

    /** Waits between the looks. */
    interface Wait {
        /**
         * Waits for as long as whoever acts on what he saw may take, since there are so many blobs. Tells whether no record
         * can become visible any more that somebody was putting before.
         */
        boolean forBlobs(int count) throws IOException;
    }

    /** Goes through all blobs, and deletes what looks like garbage twice. */
    void collect(Wait wait) throws IOException {
        List<BlobScan.Found> suspects = suspects();
        if (!suspects.isEmpty() && wait.forBlobs(suspects.size())) {
            for (BlobScan.Found blob : suspects) {
                delete(blob);
            }
        }
    }

    /** Goes through all blobs, and returns how many slices look like garbage now. */
    long find() throws IOException {
        long found = 0;
        for (BlobScan.Found blob : suspects()) {
            found += doomed(blob).values().stream().mapToLong(List::size).sum();
        }
        return found;
    }

    private List<BlobScan.Found> suspects() throws IOException {
        List<BlobScan.Found> suspects = new ArrayList<>();
        BlobScan blobs = namespace.records().blobs();
        NameScan names = namespace.records().scan(namespace.format().recordsIn(""), "objects", Certainty.PROVEN);
        NameScan.Named reached = names.nextNamed();
        for (BlobScan.Found blob = blobs.next(); blob != null && suspects.size() < MOST; blob = blobs.next()) {
            while (reached != null && inKeys(reached.name()).compareTo(inKeys(blob.name())) < 0) {
                reached = names.nextNamed();
            }
            if (isOld(blob.blob().version()) && !isReached(blob, reached)) {
                suspects.add(blob);
            }
        }
        return suspects;
    }

    /** Returns how many slices were deleted. */
    long slices() {
        return slices;
    }

    /** Returns the sites that could not be asked, or did not confirm a deletion, and why. */
    Map<Integer, IOException> pending() {
        return pending;
    }

    private static boolean isReached(BlobScan.Found blob, NameScan.@Nullable Named reached) {
        return reached != null
                && reached.name().equals(blob.name())
                && reached.blobs().contains(blob.blob());
    }

    /** The counter is not below the clock of whoever began the put, so this one's slices are at most so old. */
    private boolean isOld(Revision version) {
        long ageMicros = namespace.tasks().wallMicros() - version.counter();
        return ageMicros > namespace.facilities().timing().orphanAge().toNanos() / 1000;
    }

    private void delete(BlobScan.Found blob) throws IOException {
        Map<Integer, List<BlobKey>> doomed = doomed(blob);
        Map<Integer, IOException> kept = Deletion.run(namespace, doomed);
        pending.putAll(kept);
        doomed.keySet().removeAll(kept.keySet());
        slices += doomed.values().stream().mapToLong(List::size).sum();
    }

    /** A record at one site is enough to keep a blob: it may be acknowledged yet, or be all that a reader has to go by. */
    private Map<Integer, List<BlobKey>> doomed(BlobScan.Found blob) throws IOException {
        Inventory inventory = namespace.records().inventory(new Target(blob.name(), "a name"));
        pending.putAll(inventory.failures());
        boolean named = inventory
                .records()
                .anyMatch(listed ->
                        PlacedBlob.of(listed.revision(), listed.hints()).equals(blob.blob()));
        if (named || !inventory.failures().isEmpty()) {
            return new TreeMap<>();
        }
        Map<Integer, List<BlobKey>> doomed = new TreeMap<>();
        inventory.sites().forEach((site, atSite) -> doomed.put(site, slicesOf(blob, atSite)));
        doomed.values().removeIf(List::isEmpty);
        return doomed;
    }

    private List<BlobKey> slicesOf(BlobScan.Found blob, Inventory.AtSite atSite) {
        return atSite.slices().stream()
                .filter(slice -> namespace
                        .format()
                        .placedBlob(blob.name(), slice)
                        .filter(blob.blob()::equals)
                        .isPresent())
                .toList();
    }

    /** Names order as their keys do: the separator sorts before whatever a child's name goes on with. */
    private static String inKeys(EncodedName name) {
        return name + "!";
    }
}
