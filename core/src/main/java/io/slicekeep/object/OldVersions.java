package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.ListedNote;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.PlacedBlob;
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

    /** Returns the newest version that stands on W sites, as far as they are known. */
    Optional<ListedRecord> standing(Inventory inventory) {
        return inventory
                .records()
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
     * Returns the keys of a site that are older than a version which stands there: records first, then their notes, then slices;
     * those not in which the version lies, nor those in which it will, if it is being sliced anew.
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
        int placement = atSite.attemptsAt(version).stream()
                .mapToInt(listed -> listed.hints().placement())
                .findFirst()
                .orElse(0);
        PlacedBlob standing = new PlacedBlob(version.ofGeneration(0), placement);
        atSite.slices().stream()
                .filter(slice -> namespace
                        .format()
                        .placedBlob(name, slice)
                        .filter(blob -> blob.isBefore(standing))
                        .isPresent())
                .forEach(keys::add);
        return keys;
    }
}
