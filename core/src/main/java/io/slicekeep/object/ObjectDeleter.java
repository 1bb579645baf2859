package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Hints;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.Revision;
import io.slicekeep.record.WriteTicket;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Deletes objects by writing tombstones. */
final class ObjectDeleter {
    private final Namespace namespace;

    ObjectDeleter(Namespace namespace) {
        this.namespace = namespace;
    }

    /** Writes a tombstone, unless nothing stands that it would hide. */
    WriteReport delete(ObjectName name) throws IOException {
        WriteTicket ticket = namespace.records().begin(namespace.target(name));
        if (!namespace.records().isDeleted(ticket)) {
            return bury(name, ticket);
        }
        Namespace now = namespace.confirmed();
        return now.agreesWith(namespace) ? new WriteReport("", Map.of()) : new ObjectDeleter(now).delete(name);
    }

    /** Writes a tombstone over whatever was seen, even if it was never acknowledged. */
    void bury(ObjectName name, Revision seen) throws IOException {
        bury(name, namespace.records().begin(namespace.target(name), seen.counter()));
    }

    private WriteReport bury(ObjectName name, WriteTicket ticket) throws IOException {
        EncodedName encoded = ticket.target().name();
        CommonPart common = new CommonPart(
                encoded,
                ticket.revision(),
                namespace.placement(),
                new Content.Tombstone(),
                namespace.format().sealTombstone(Bytes.of(name.bytes()), encoded, ticket.revision()));
        RecordSet records = namespace.format().seal(common, Bytes.EMPTY, List.of());
        Hints hints = new Hints(common.content().kind(), 0, 0, namespace.tasks().wallMicros(), 0);
        Map<String, String> missing = namespace.records().commit(ticket, records, hints);
        new Extension(namespace, ticket.target(), ticket.revision()).run();
        return new WriteReport(ticket.revision().toString(), missing);
    }
}
