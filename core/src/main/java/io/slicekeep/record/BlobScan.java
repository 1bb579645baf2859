package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.Listing;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of which any site that answers has a slice, in the order of their keys, which is that of the names' records. A site
 * that fails on the way is left out from there on. Confined to one thread.
 */
public final class BlobScan {
    private final Realm realm;
    private final List<SiteCursor> cursors = new ArrayList<>();

    BlobScan(Realm realm) {
        this.realm = realm;
        realm.layout()
                .sites()
                .forEach(site -> cursors.add(new SiteCursor(site, realm.format().slices())));
    }

    /**
     * A blob.
     *
     * @param name the name of its object
     * @param blob which blob of it
     */
    public record Found(EncodedName name, PlacedBlob blob) {}

    /**
     * Returns the next blob. Each placement of a blob is one.
     *
     * @return the blob, or null at the end
     * @throws IOException if the thread is interrupted
     */
    public @Nullable Found next() throws IOException {
        cursors.forEach(SiteCursor::begin);
        for (BlobKey first = first(); first != null; first = first()) {
            Optional<Found> found = found(first);
            takeAll(first, found);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return null;
    }

    private @Nullable BlobKey first() throws IOException {
        fill();
        return cursors.stream()
                .map(SiteCursor::first)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private Optional<Found> found(BlobKey key) {
        return realm.format()
                .nameOfSlice(key)
                .flatMap(name -> realm.format().placedBlob(name, key).map(blob -> new Found(name, blob)));
    }

    /** Takes the keys of a blob from all sites, or one key that is no slice's. */
    private void takeAll(BlobKey first, Optional<Found> blob) throws IOException {
        BlobKey key = first;
        do {
            BlobKey taken = key;
            cursors.forEach(cursor -> cursor.take(taken));
            key = first();
        } while (key != null && blob.isPresent() && found(key).equals(blob));
    }

    private void fill() throws IOException {
        Map<Integer, SiteCursor> asked = new HashMap<>();
        try (TaskGroup<Listing> group = realm.means().tasks().group()) {
            for (SiteCursor cursor : cursors) {
                if (cursor.isBlank()) {
                    asked.put(cursor.site().index(), cursor);
                    group.fork(cursor.site().index(), cursor::page);
                }
            }
            Deadline end = realm.means()
                    .tasks()
                    .deadline(realm.means().timing().patience().siteTimeout());
            Outcome<Listing> outcome = group.next(end);
            while (outcome != null) {
                if (outcome.failure() == null) {
                    Objects.requireNonNull(asked.remove(outcome.index())).accept(outcome.get());
                }
                outcome = group.next(end);
            }
        }
        cursors.removeAll(asked.values());
    }
}
