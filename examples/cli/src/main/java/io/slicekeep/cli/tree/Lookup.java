package io.slicekeep.cli.tree;

import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
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
        Optional<ObjectEntry> object = Optional.empty();
        if (!place.isFolder()) {
            ObjectName name = place.object();
            object =
                    first(objects, name, freshness).filter(entry -> entry.name().equals(name));
        }
        boolean folder =
                first(objects, ObjectName.ofBytes(place.prefix()), freshness).isPresent();
        return new Lookup(object, folder);
    }

    private static Optional<ObjectEntry> first(ObjectStore objects, ObjectName prefix, Freshness freshness)
            throws IOException {
        ObjectPage page = objects.list(new ListQuery(prefix, false, null, 1, freshness));
        while (page.entries().isEmpty() && page.next() != null) {
            page = objects.list(new ListQuery(prefix, false, page.next(), 1, freshness));
        }
        return page.entries().stream().findFirst();
    }
}
