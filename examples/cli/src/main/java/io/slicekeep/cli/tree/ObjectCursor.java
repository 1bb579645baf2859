package io.slicekeep.cli.tree;

import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectPage;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a listing, page by page, in the order of names. Confined to one thread. */
public final class ObjectCursor {
    /** Large, because a page costs a look at the whole of each directory that it touches. */
    private static final int PAGE_ENTRIES = 20_000;

    private final ObjectStore objects;
    private final @Nullable ObjectName prefix;
    private final Freshness freshness;
    private List<ObjectEntry> entries = List.of();
    private int index;
    private @Nullable ObjectName after;
    private boolean started;
    private boolean proven = true;

    /**
     * Starts before the first object.
     *
     * @param objects to list
     * @param prefix what names begin with; empty for all
     * @param freshness what the listing insists on
     */
    public ObjectCursor(ObjectStore objects, byte[] prefix, Freshness freshness) {
        this.objects = objects;
        this.prefix = prefix.length == 0 ? null : ObjectName.ofBytes(prefix);
        this.freshness = freshness;
    }

    /**
     * Returns the next object and leaves it where it is.
     *
     * @return the object, or null at the end
     * @throws IOException if it cannot be listed
     */
    public @Nullable ObjectEntry peek() throws IOException {
        while (index == entries.size() && (!started || after != null)) {
            ObjectPage page = objects.list(new ListQuery(prefix, false, after, PAGE_ENTRIES, freshness));
            started = true;
            entries = page.entries();
            index = 0;
            after = page.next();
            proven = proven && page.proven();
        }
        return index == entries.size() ? null : entries.get(index);
    }

    /**
     * Returns the next object and goes on.
     *
     * @return the object, or null at the end
     * @throws IOException if it cannot be listed
     */
    public @Nullable ObjectEntry next() throws IOException {
        ObjectEntry entry = peek();
        if (entry != null) {
            index++;
        }
        return entry;
    }

    /**
     * Returns whether enough sites answered so far to be sure that no acknowledged write is missed.
     *
     * @return false if something newer may exist
     */
    public boolean proven() {
        return proven;
    }
}
