package io.slicekeep.cli.tree;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.ObjectPage;
import java.io.IOException;
import java.util.Optional;

/**
 * What a name means in a keep: an object, a folder, both or nothing.
 *
 * @param object the object that has exactly this name
 * @param folder whether objects lie below it
 */
public record Lookup(Optional<ObjectEntry> object, boolean folder) {
    /**
     * Looks a name up.
     *
     * @param objects where
     * @param place the name; with a slash at its end only a folder is meant
     * @param freshness what the reader insists on
     * @return what it means
     * @throws IOException if it cannot be listed
     */
    public static Lookup of(ObjectStore objects, KeepPath place, Freshness freshness) throws IOException {
        if (place.isRoot()) {
            return new Lookup(Optional.empty(), true);
        }
        Optional<ObjectEntry> object = place.isFolder() ? Optional.empty() : entry(objects, place.object(), freshness);
        ObjectName folder = ObjectName.ofBytes(place.prefix());
        return new Lookup(
                object, entry(objects, folder, freshness).isPresent() || holdsAny(objects, folder, freshness));
    }

    /**
     * Looks an object up as a listing would show it.
     *
     * @param objects where
     * @param name its exact name
     * @param freshness what the reader insists on
     * @return the object, if there is one
     * @throws IOException if it cannot be read
     */
    public static Optional<ObjectEntry> entry(ObjectStore objects, ObjectName name, Freshness freshness)
            throws IOException {
        try {
            ObjectInfo info = objects.head(name, freshness);
            return Optional.of(new ObjectEntry(name, info.lengthBytes(), info.modified(), info.crc32c(), info.etag()));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Needed only for folders that were not put as such: it costs a scan. */
    private static boolean holdsAny(ObjectStore objects, ObjectName folder, Freshness freshness) throws IOException {
        ObjectPage page = objects.list(new ListQuery(folder, true, null, 1, freshness));
        while (page.entries().isEmpty() && page.groups().isEmpty() && page.next() != null) {
            page = objects.list(new ListQuery(folder, true, page.next(), 1, freshness));
        }
        return !page.entries().isEmpty() || !page.groups().isEmpty();
    }
}
