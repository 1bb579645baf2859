package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.Reasons;
import io.slicekeep.task.Grace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Deletes an object whose head is a register, and when its readers and writers have had their time, its slices. Thread-safe. */
final class RegisterShredder {
    private final RegisterNamespace namespace;
    private final UnreachedSlices unreached;
    private final Sightings<Set<PlacedBlob>> seen;

    RegisterShredder(RegisterNamespace namespace, Sightings<Set<PlacedBlob>> seen) {
        this.namespace = namespace;
        this.unreached = new UnreachedSlices(namespace);
        this.seen = seen;
    }

    ShredReport shred(ObjectName name) throws IOException {
        new ObjectDeleter(namespace).delete(name, Condition.NONE);
        EncodedName encoded = namespace.target(name).name();
        Set<PlacedBlob> now = unreached.seen(encoded);
        Sightings.Sighting<Set<PlacedBlob>> before = seen.first(encoded, now);
        Map<Integer, IOException> failures = new TreeMap<>();
        if (before.othersEnd().isOver()) {
            failures.putAll(Deletion.run(namespace, unreached.gone(encoded, before.what())));
            seen.forget(encoded);
        }
        StandingSlices left = StandingSlices.of(namespace, encoded);
        failures.putAll(left.failures());
        Map<String, String> pending = new TreeMap<>();
        for (Map.Entry<Integer, List<BlobKey>> atSite : left.of(left.blobs()).entrySet()) {
            pending.put(
                    nameOf(atSite.getKey()),
                    waits(seen.first(encoded, left.blobs()).othersEnd()));
        }
        failures.forEach((site, failure) -> pending.put(nameOf(site), Reasons.of(failure)));
        return new ShredReport(pending, List.of());
    }

    private String nameOf(int site) {
        return namespace.layout().sites().get(site).name();
    }

    private static String waits(Grace end) {
        long seconds = end.remaining().toSeconds() + 1;
        return "waits " + seconds + " s for readers and writers that may be under way";
    }
}
