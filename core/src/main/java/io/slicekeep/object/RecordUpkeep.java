package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.GarbageListener;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Current;
import io.slicekeep.record.Need;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.Map;

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
        try (Current current = namespace.records().read(target, Need.HEAD, Certainty.PROVEN)) {
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
