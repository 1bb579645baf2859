package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.ListedNote;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what of a name a newer version has replaced (docs/PROTOCOLS.md 6). */
final class OldVersions {
    private final RecordNamespace namespace;

    OldVersions(RecordNamespace namespace) {
        this.namespace = namespace;
    }

    /** Returns the newest version that counts and stands on W sites, as far as they are known. */
    Optional<ListedRecord> standing(Inventory inventory) {
        return inventory
                .records()
                .filter(listed -> listed.hints().countsIn(namespace.layout()))
                .filter(listed -> namespace.layout().quorums().written(inventory.showing(listed.revision())))
                .max((one, other) -> one.revision().compareTo(other.revision()));
    }

    /** Returns why older versions have to stay at a site. */
    static BlobNotFoundException newerIsMissing() {
        return new BlobNotFoundException("lacks the newer version of what it holds: repair it first");
    }

    /** Returns the keys of a site's notes whose record does not stand there: nobody believes them. */
    List<BlobKey> lostNotes(Inventory.AtSite atSite) {
        return atSite.notes().stream()
                .filter(note -> atSite.attemptsAt(note.revision()).isEmpty())
                .map(ListedNote::key)
                .toList();
    }

    /**
     * Returns the keys of a site that are older than a version: records first, then their notes, then slices, those of the
     * version not.
     */
    List<BlobKey> olderThan(Revision version, EncodedName name, Inventory.AtSite atSite) {
        List<BlobKey> keys = new ArrayList<>();
        for (ListedRecord listed : atSite.records()) {
            if (listed.revision().compareTo(version) < 0) {
                keys.add(listed.key());
            }
        }
        for (ListedNote note : atSite.notes()) {
            if (note.revision().compareTo(version) < 0) {
                keys.add(note.key());
            }
        }
        for (BlobKey slice : atSite.slices()) {
            Optional<Revision> written = namespace.format().sliceVersion(name, slice);
            if (written.isPresent() && written.get().compareTo(version.ofGeneration(0)) < 0) {
                keys.add(slice);
            }
        }
        return keys;
    }
}
