package io.slicekeep.object;

import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The records that were being put at all sites at one moment. A put looks at its deadline before its record becomes visible,
 * and may be suspended right then, for as long as it likes; so whoever is about to delete what such a record would bring back,
 * or what it relies on, ends those that have been unfinished for G (docs/PROTOCOLS.md 6). Slices are left alone: an upload
 * may take longer. Confined to one thread.
 */
final class UnfinishedRecords {
    private final Namespace namespace;
    private final KeyPrefix prefix;
    private final Map<Integer, IOException> failures = new HashMap<>();
    private final Map<Integer, Set<String>> seen;

    /** Asks all sites what they are being sent. */
    UnfinishedRecords(Namespace namespace) throws IOException {
        this.namespace = namespace;
        this.prefix = namespace.format().recordsIn("");
        this.seen = atSites((site, store) -> store.unfinished(prefix));
    }

    /** Tells whether all sites did what they were asked. */
    boolean isWhole() {
        return failures.isEmpty();
    }

    /**
     * Ends what is unfinished still: where a site has done so, none of it can become visible any more. A site that did not tell what
     * it was being sent is none of them.
     */
    void end() throws IOException {
        atSites((site, store) -> {
            Set<String> before = seen.get(site);
            if (before == null) {
                throw new UnavailableException("did not tell in time which records were being put");
            }
            Set<String> left = new HashSet<>(store.unfinished(prefix));
            left.retainAll(before);
            for (String write : left) {
                store.endUnfinished(write);
            }
            return left;
        });
    }

    /** Returns the sites that could not tell or end it, and why. */
    Map<Integer, IOException> failures() {
        return failures;
    }

    /** What is done at a site. */
    private interface Call {
        Set<String> at(int site, TidyBlobStore store) throws IOException;
    }

    private Map<Integer, Set<String>> atSites(Call call) throws IOException {
        Map<Integer, Set<String>> results = new HashMap<>();
        try (TaskGroup<Set<String>> group = namespace.tasks().group()) {
            for (Site site : namespace.layout().sites()) {
                failures.put(site.index(), new UnavailableException("has not answered in time"));
                group.fork(site.index(), () -> call.at(site.index(), tidy(site)));
            }
            Deadline end =
                    namespace.tasks().deadline(namespace.facilities().timing().deadline());
            for (Outcome<Set<String>> outcome = group.next(end); outcome != null; outcome = group.next(end)) {
                IOException failure = outcome.failure();
                if (failure == null) {
                    failures.remove(outcome.index());
                    results.put(outcome.index(), outcome.get());
                } else {
                    failures.put(outcome.index(), failure);
                }
            }
        }
        return results;
    }

    private static TidyBlobStore tidy(Site site) throws UnavailableException {
        if (site.store() instanceof TidyBlobStore store) {
            return store;
        }
        throw new UnavailableException(
                "cannot tell writes that may still be under way, so tombstones and orphans stay");
    }
}
