package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.Hints;
import io.slicekeep.record.Placement;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.List;

/** Deletes objects by writing tombstones. */
final class ObjectDeleter {
    private final Namespace namespace;

    ObjectDeleter(Namespace namespace) {
        this.namespace = namespace;
    }

    /** Writes a tombstone, unless nothing stands that it would hide. */
    WriteReport delete(ObjectName name, Condition condition) throws IOException {
        Heads.Write write = namespace.heads().beginDeletion(namespace.target(name), condition);
        WriteReport report = write.commit(tombstone(name, write.target(), write.revision()), hints());
        if (!report.etag().isEmpty()) {
            return report;
        }
        Namespace now = namespace.confirmed();
        return now.agreesWith(namespace) ? report : new ObjectDeleter(now).delete(name, condition);
    }

    /** Returns a tombstone of a version. */
    RecordSet tombstone(ObjectName name, Target target, Revision revision) {
        CommonPart common = new CommonPart(
                target.name(),
                revision,
                namespace.placement(),
                new Content.Tombstone(),
                namespace.format().sealTombstone(Bytes.of(name.bytes()), target.name(), revision));
        return namespace.format().seal(common, Bytes.EMPTY, List.of());
    }

    /** Returns what listings shall tell of a tombstone. */
    Hints hints() {
        Placement placement = namespace.placement();
        return new Hints(
                RecordKind.TOMBSTONE,
                placement.dataSlices(),
                placement.number(),
                0,
                namespace.tasks().wallMicros(),
                0);
    }
}
