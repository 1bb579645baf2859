package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.GarbageListener;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Current;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.Need;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks after objects whose heads are records. */
final class RecordUpkeep implements Upkeep {
    private final RecordNamespace namespace;
    private final ObjectReader reader;
    private final Memory memory;

    RecordUpkeep(RecordNamespace namespace, Memory memory) {
        this.namespace = namespace;
        this.reader = new ObjectReader(namespace);
        this.memory = memory;
    }

    /**
     * Deletes what of the former k is newer than the version that was read: puts that were killed. By now nobody puts more of it. If
     * the profile of before needs more slices than the next one, it could stand on too many sites to be passed by then and on too few
     * to be given back.
     */
    private void forgetFormerAbove(Optional<Revision> newest, Target target) throws IOException {
        Layout layout = namespace.layout();
        Inventory inventory = namespace.records().inventory(target);
        Map<Integer, List<BlobKey>> doomed = new TreeMap<>();
        inventory
                .sites()
                .forEach((site, atSite) -> atSite.records().stream()
                        .filter(listed -> listed.hints().isFormer(layout))
                        .filter(listed -> newest.isEmpty() || listed.revision().compareTo(newest.get()) > 0)
                        .forEach(listed -> doomed.computeIfAbsent(site, index -> new ArrayList<>())
                                .add(listed.key())));
        Set<Integer> clean = new TreeSet<>(inventory.sites().keySet());
        clean.removeAll(Deletion.run(namespace, doomed).keySet());
        if (!layout.quorums().outweigh(clean)) {
            throw new UnavailableException(target + " may show a put of the former profile at too many sites: only "
                    + clean.size() + " of " + layout.sites().size() + " do not; "
                    + Reasons.joined(namespace.byName(inventory.failures())));
        }
    }

    @Override
    public ObjectHealth inspect(ObjectName name, Depth depth) throws IOException {
        return new ObjectInspector(namespace, reader).inspect(name, depth);
    }

    @Override
    public RepairReport repair(ObjectName name, Depth depth) throws IOException {
        return new ObjectRepairer(namespace, reader).repair(name, depth);
    }

    @Override
    public ShredReport shred(ObjectName name) throws IOException {
        return new ObjectShredder(namespace, memory.longNames(), memory.tombstones()).shred(name);
    }

    @Override
    public GarbageReport collectGarbage(GarbageListener listener) throws IOException {
        return new GarbageCollection(namespace, listener).run();
    }

    @Override
    public GarbageReport previewGarbage() throws IOException {
        return new GarbagePreview(namespace).run();
    }

    @Override
    public Names names() throws IOException {
        return namespace.records().scan(namespace.format().recordsIn(""), "objects", Certainty.PROVEN)::nextName;
    }

    /** Reading a name makes its record stand on W sites; what is sliced is rebuilt. */
    @Override
    public Map<Integer, IOException> complete(Target target) throws IOException {
        if (namespace.layout().reslices()) {
            namespace.reslice(target);
        }
        try (Current current = namespace.records().read(target, Need.HEAD, Certainty.PROVEN)) {
            if (namespace.layout().reslices()) {
                forgetFormerAbove(current.revision(), target);
            }
            if (current.found().isPresent()) {
                return new ObjectRepairer(namespace, reader)
                        .mend(target, current.found().get(), Depth.LIGHT)
                        .pending();
            }
            return current.revision().isPresent()
                    ? namespace.records().complete(target, current.revision().get())
                    : Map.of();
        }
    }
}
