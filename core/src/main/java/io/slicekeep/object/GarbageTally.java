package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.record.Reasons;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a collector deletes, or would. Confined to one thread. */
final class GarbageTally {
    private final RecordNamespace namespace;
    private final Map<String, String> pending = new TreeMap<>();
    private long records;
    private long slices;
    private long purged;

    GarbageTally(RecordNamespace namespace) {
        this.namespace = namespace;
    }

    /** Counts keys of old versions. */
    void count(List<BlobKey> keys) {
        records += keys.stream()
                .filter(key -> namespace.format().open(key).isPresent())
                .count();
        slices += keys.stream().filter(key -> !namespace.format().isRecord(key)).count();
    }

    /** Counts slices of puts that never came to their record. */
    void countSlices(long orphaned) {
        slices += orphaned;
    }

    /** Counts a name that is forgotten. */
    void countPurged() {
        purged++;
    }

    /** Notes that something has to stay at a site. */
    void note(int site, IOException failure) {
        pending.put(namespace.layout().sites().get(site).name(), Reasons.of(failure));
    }

    GarbageReport report() {
        return new GarbageReport(records, slices, purged, pending);
    }
}
