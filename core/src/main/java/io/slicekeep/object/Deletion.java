package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deletes blobs at several sites at a time, at each one after the other. */
final class Deletion {
    private Deletion() {}

    /**
     * Returns the sites that have not confirmed all their deletions before the deadline, and why. Nothing is deleted once a
     * newer layout holds than the one under which it was chosen.
     */
    static Map<Integer, IOException> run(Namespace namespace, Map<Integer, List<BlobKey>> doomed) throws IOException {
        Map<Integer, IOException> pending = new HashMap<>();
        if (doomed.isEmpty()) {
            return pending;
        }
        namespace.requireConfirmed();
        try (TaskGroup<Integer> group = namespace.tasks().group()) {
            doomed.forEach((index, keys) -> {
                Site site = namespace.layout().sites().get(index);
                pending.put(index, new UnavailableException("is still deleting"));
                group.fork(index, () -> {
                    for (BlobKey key : keys) {
                        site.store().delete(key);
                    }
                    return keys.size();
                });
            });
            Deadline deadline =
                    namespace.tasks().deadline(namespace.facilities().timing().deadline());
            Outcome<Integer> outcome = group.next(deadline);
            while (outcome != null) {
                pending.remove(outcome.index());
                IOException failure = outcome.failure();
                if (failure != null) {
                    pending.put(outcome.index(), failure);
                }
                outcome = group.next(deadline);
            }
            group.abandon();
        }
        return pending;
    }
}
