package io.slicekeep.object;

import io.slicekeep.record.Certainty;
import io.slicekeep.record.Content;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Hints;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.OpenedRecord;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.Revision;
import io.slicekeep.record.SealedBlob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the objects that are copies of a blob, made where all sites copy by themselves: they have its data key. Length and
 * checksum stand in the keys of records, so the listing tells which heads are worth opening.
 */
final class KeySharers {
    private final RecordNamespace namespace;
    private final FoundNames names;

    KeySharers(RecordNamespace namespace, LongNames longNames) {
        this.namespace = namespace;
        this.names = new FoundNames(namespace, longNames);
    }

    /** What all copies of a blob have in common in their keys. */
    private record Look(long lengthBytes, int crc32c) {
        static Look of(Hints hints) {
            return new Look(hints.lengthBytes(), hints.crc32c());
        }
    }

    /** Lists the objects, other than the one whose inventory it is, that share a blob with an older revision of it. */
    List<ObjectName> of(EncodedName name, Inventory inventory, Revision newest) throws IOException {
        Map<Look, List<SealedBlob>> blobs = blobs(inventory, newest);
        List<ObjectName> sharers = new ArrayList<>();
        if (blobs.isEmpty()) {
            return sharers;
        }
        HeadScan scan = namespace.heads().scan("", Heads.Names.ALL, Certainty.PROVEN);
        for (HeadScan.Entry entry = scan.next(); entry != null; entry = scan.next()) {
            List<SealedBlob> alike = blobs.getOrDefault(Look.of(entry.hints()), List.of());
            if (!alike.isEmpty() && !entry.name().equals(name) && isOneOf(alike, entry)) {
                names.nameOf(entry)
                        .map(found -> ObjectName.ofBytes(found.toArray()))
                        .ifPresent(sharers::add);
            }
        }
        return sharers;
    }

    private static boolean isOneOf(List<SealedBlob> blobs, HeadScan.Entry entry) throws IOException {
        Optional<OpenedRecord> opened = entry.open();
        if (opened.isEmpty()) {
            return false;
        }
        try (OpenedRecord record = opened.get()) {
            return record.stored().common().content() instanceof Content.Sliced sliced && blobs.contains(sliced.blob());
        }
    }

    private Map<Look, List<SealedBlob>> blobs(Inventory inventory, Revision newest) throws IOException {
        Map<Look, List<SealedBlob>> blobs = new HashMap<>();
        if (!namespace.sitesCopy()) {
            return blobs;
        }
        Map<Revision, Look> sliced = new HashMap<>();
        inventory
                .records()
                .filter(listed -> listed.hints().kind() == RecordKind.SLICED)
                .filter(listed -> listed.revision().compareTo(newest) < 0)
                .forEach(listed -> sliced.put(listed.revision(), Look.of(listed.hints())));
        for (Map.Entry<Revision, Look> each : sliced.entrySet()) {
            Optional<Content> content = namespace.records().content(inventory, each.getKey());
            if (content.isPresent() && content.get() instanceof Content.Sliced found) {
                blobs.computeIfAbsent(each.getValue(), look -> new ArrayList<>())
                        .add(found.blob());
            }
        }
        return blobs;
    }
}
