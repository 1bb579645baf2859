package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.record.Current;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.Need;
import io.slicekeep.record.Records.BadCopy;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes an object whole again at the sites that can be reached: slices first, then the records that name them. Thread-safe, also
 * beside writers and other repairers: what is put is what was there.
 */
final class ObjectRepairer {
    private final RecordNamespace namespace;
    private final ObjectReader reader;

    ObjectRepairer(RecordNamespace namespace, ObjectReader reader) {
        this.namespace = namespace;
        this.reader = reader;
    }

    /**
     * What became of a version's copies.
     *
     * @param mended what was wrong, by site
     * @param pending what still is
     */
    record Result(Map<Integer, IOException> mended, Map<Integer, IOException> pending) {}

    RepairReport repair(ObjectName name, Depth depth) throws IOException {
        return reader.read(name, Need.HEAD, Freshness.PROVEN, (value, info) -> {
            Result result = mend(namespace.target(name), value, depth);
            return new RepairReport(info, namespace.byName(result.mended()), namespace.byName(result.pending()));
        });
    }

    /** Mends the copies of the newest version of a name. */
    Result mend(Target target, Current.Value value, Depth depth) throws IOException {
        Inventory inventory = namespace.records().inventory(target);
        Damage damage = Damage.of(namespace, value, inventory, depth);
        Map<Integer, IOException> pending = new TreeMap<>();
        pending.putAll(repairSlices(value, damage.slices()));
        pending.putAll(repairRecords(target, value, damage));
        Map<Integer, IOException> mended = damage.sites();
        damage.copies().forEach(copy -> mended.putIfAbsent(copy.site(), copy.why()));
        mended.keySet().removeAll(pending.keySet());
        return new Result(mended, pending);
    }

    private Map<Integer, IOException> repairSlices(Current.Value value, Map<Integer, IOException> damage)
            throws IOException {
        return damage.isEmpty()
                ? Map.of()
                : new SliceRepair(
                                SlicedBlob.of(namespace, value), value.record().secret())
                        .run(damage);
    }

    private Map<Integer, IOException> repairRecords(Target target, Current.Value value, Damage damage)
            throws IOException {
        Map<Integer, IOException> pending = new HashMap<>(damage.records());
        if (pending.values().stream().anyMatch(SlicekeepException::isDamage)) {
            pending = new HashMap<>(namespace.records().restore(target, value.revision(), pending.keySet()));
        }
        Map<Integer, List<BlobKey>> rotten = new HashMap<>();
        for (BadCopy copy : damage.copies()) {
            if (SlicekeepException.isDamage(copy.why()) && !pending.containsKey(copy.site())) {
                rotten.computeIfAbsent(copy.site(), site -> new ArrayList<>()).add(copy.key());
            }
        }
        pending.putAll(Deletion.run(namespace, rotten));
        return pending;
    }
}
