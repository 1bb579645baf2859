package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.GarbageListener;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What keeps a namespace's objects whole and its sites tidy, as {@link ObjectStore} says. Thread-safe. */
interface Upkeep {
    ObjectHealth inspect(ObjectName name, Depth depth) throws IOException;

    RepairReport repair(ObjectName name, Depth depth) throws IOException;

    ShredReport shred(ObjectName name) throws IOException;

    GarbageReport collectGarbage(GarbageListener listener) throws IOException;

    GarbageReport previewGarbage() throws IOException;

    /** Returns all names of which anything stands, deleted ones too, in the order of their keys. */
    Names names() throws IOException;

    /** Has the newest version of a name, or its deletion, stand at all sites in reach; returns the others, and why. */
    Map<Integer, IOException> complete(Target target) throws IOException;

    /** One name after the other. */
    interface Names {
        /** Returns the next one, or null at the end. */
        @Nullable
        EncodedName next() throws IOException;
    }
}
