package io.slicekeep.cli.tree;

import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectPage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a keep holds directly in one folder, listed page by page while its names are asked for in order. Confined to one
 * thread.
 */
final class KnownFolder {
    private static final int PAGE_ENTRIES = 20_000;
    private static final ObjectPage END = new ObjectPage(List.of(), List.of(), null, true);

    private final ObjectStore objects;
    private final byte[] prefix;
    private @Nullable ObjectName after;
    private @Nullable ObjectPage page;
    private int entry;
    private int group;

    private KnownFolder(ObjectStore objects, byte[] prefix, @Nullable ObjectPage page) {
        this.objects = objects;
        this.prefix = prefix;
        this.page = page;
    }

    /**
     * Starts before the first name.
     *
     * @param prefix the folder's name with its slash; empty for the root
     */
    static KnownFolder of(ObjectStore objects, byte[] prefix) {
        return new KnownFolder(objects, prefix, null);
    }

    /** Returns a folder that the keep does not have yet: nothing needs to be listed. */
    private static KnownFolder missing(ObjectStore objects, byte[] prefix) {
        return new KnownFolder(objects, prefix, END);
    }

    /** Returns whether a name lies in this folder, at any depth; the folder's own does. */
    boolean covers(byte[] name) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }

    /**
     * Returns an object of this folder.
     *
     * @param name greater than all that were asked for before
     * @return the object, or null
     */
    @Nullable
    ObjectEntry find(ObjectName name) throws IOException {
        ObjectPage current = pageOf(name);
        while (entry < current.entries().size()
                && current.entries().get(entry).name().compareTo(name) < 0) {
            entry++;
        }
        ObjectEntry found = entry < current.entries().size() ? current.entries().get(entry) : null;
        return found != null && found.name().equals(name) ? found : null;
    }

    /** Returns a folder of this folder; the rules of {@link #find} hold. */
    KnownFolder enter(ObjectName name) throws IOException {
        ObjectPage current = pageOf(name);
        while (group < current.groups().size() && current.groups().get(group).compareTo(name) < 0) {
            group++;
        }
        boolean known =
                group < current.groups().size() && current.groups().get(group).equals(name);
        return known ? of(objects, name.bytes()) : missing(objects, name.bytes());
    }

    /** Returns the page on which a name stands if it stands anywhere. */
    private ObjectPage pageOf(ObjectName name) throws IOException {
        ObjectPage current = page == null ? list() : page;
        while (current.next() != null && name.compareTo(current.next()) > 0) {
            current = list();
        }
        return current;
    }

    private ObjectPage list() throws IOException {
        ObjectName begin = prefix.length == 0 ? null : ObjectName.ofBytes(prefix);
        ObjectPage next = objects.list(new ListQuery(begin, true, after, PAGE_ENTRIES, Freshness.PROVEN));
        page = next;
        after = next.next();
        entry = 0;
        group = 0;
        return next;
    }
}
