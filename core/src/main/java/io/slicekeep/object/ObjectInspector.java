package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Kind;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.Need;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells the state of an object's copies, site by site. */
final class ObjectInspector {
    private final RecordNamespace namespace;
    private final ObjectReader reader;

    ObjectInspector(RecordNamespace namespace, ObjectReader reader) {
        this.namespace = namespace;
        this.reader = reader;
    }

    ObjectHealth inspect(ObjectName name, Depth depth) throws IOException {
        Need need = depth == Depth.DEEP ? Need.BODY : Need.HEAD;
        return reader.read(name, need, Certainty.UNTOUCHED, (value, info) -> {
            Target target = namespace.target(name);
            Inventory inventory = namespace.records().inventory(target);
            Damage damage = Damage.of(namespace, value, inventory, depth);
            if (depth == Depth.DEEP) {
                decrypt(value);
            }
            return health(info, value, damage.sites(), versions(target, inventory, value.revision()));
        });
    }

    private ObjectHealth health(ObjectInfo info, Current.Value value, Map<Integer, IOException> bad, int others) {
        boolean inline = value.record().stored().common().content() instanceof Content.Inline;
        return new ObjectHealth(
                info,
                inline ? Kind.INLINE : Kind.SLICED,
                namespace.byName(bad),
                namespace.slicesBesides(bad.keySet()),
                value.hints().dataSlices(),
                others);
    }

    /** Counts what takes space besides the version that is read: other revisions, and slices that no record names. */
    private int versions(Target target, Inventory inventory, Revision current) {
        Set<Revision> revisions = new HashSet<>();
        inventory.records().map(ListedRecord::revision).forEach(revisions::add);
        Set<Revision> versions = new HashSet<>();
        revisions.forEach(revision -> versions.add(revision.ofGeneration(0)));
        inventory
                .sites()
                .values()
                .forEach(atSite -> atSite.slices().stream()
                        .flatMap(key -> namespace.format().placedBlob(target.name(), key).stream())
                        .map(PlacedBlob::version)
                        .filter(versions::add)
                        .forEach(revisions::add));
        revisions.remove(current);
        return revisions.size();
    }

    private void decrypt(Current.Value value) throws IOException {
        try (var plaintext = reader.plaintext(value)) {
            plaintext.transferTo(Channels.newChannel(OutputStream.nullOutputStream()));
        }
    }
}
