package io.slicekeep.cli.tree;

import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Does something with each object of a folder, several at once. */
public final class ObjectWork {
    private ObjectWork() {}

    /**
     * Does it.
     *
     * @param objects the keep's
     * @param folder whose objects, at any depth
     * @param freshness what the listing insists on
     * @param jobs how many at once
     * @param work reports its own failures, and returns whether to go on
     * @return whether the listing was proven
     * @throws IOException if the folder cannot be listed
     */
    public static boolean each(
            ObjectStore objects, KeepPath folder, Freshness freshness, int jobs, Predicate<ObjectEntry> work)
            throws IOException {
        ObjectCursor listing = new ObjectCursor(objects, folder.prefix(), freshness);
        AtomicBoolean goOn = new AtomicBoolean(true);
        try (WorkPool pool = new WorkPool(jobs)) {
            ObjectEntry entry = listing.next();
            while (entry != null && goOn.get()) {
                ObjectEntry current = entry;
                pool.submit(() -> {
                    if (!work.test(current)) {
                        goOn.set(false);
                    }
                });
                entry = listing.next();
            }
            pool.await();
        }
        return listing.proven();
    }
}
