package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists one name at all sites at a time. Thread-safe. */
final class NameLister {
    /** How far back a listing goes. */
    enum Depth {
        /** One page of the newest revisions, which nearly always decide. */
        NEWEST(16, 8),
        /** All revisions. */
        ALL(1000, 1000);

        private final int pageKeys;
        private final int maxPages;

        Depth(int pageKeys, int maxPages) {
            this.pageKeys = pageKeys;
            this.maxPages = maxPages;
        }
    }

    private final Realm realm;
    private final Layout layout;
    private final RecordFormat format;
    private final Means means;

    NameLister(Realm realm) {
        this.realm = realm;
        this.layout = realm.layout();
        this.format = realm.format();
        this.means = realm.means();
    }

    /**
     * Lists a name at all sites. Returns when all have answered or failed, when enough have answered and the views
     * are {@code settled}, when they have answered and patience is over, or at the deadline.
     */
    Views list(EncodedName name, Depth depth, Certainty certainty, Predicate<Views> settled, Deadline deadline)
            throws IOException {
        Views views = new Views(layout.sites());
        try (TaskGroup<SiteView> group = means.tasks().group()) {
            for (Site site : layout.sites()) {
                group.fork(site.index(), () -> view(site, name, depth));
            }
            @Nullable Deadline patience = null;
            while (group.underWay() > 0) {
                if (realm.enough(certainty, views.answering())) {
                    if (settled.test(views)) {
                        break;
                    }
                    patience = patience != null ? patience : sooner(deadline);
                }
                Outcome<SiteView> outcome = group.next(patience != null ? patience : deadline);
                if (outcome == null) {
                    break;
                }
                add(views, outcome);
            }
        }
        return views;
    }

    private Deadline sooner(Deadline deadline) {
        Deadline patience = means.tasks().deadline(means.timing().patience().hedgeDelay());
        return patience.atNanos() < deadline.atNanos() ? patience : deadline;
    }

    private static void add(Views views, Outcome<SiteView> outcome) throws IOException {
        IOException failure = outcome.failure();
        if (failure == null) {
            views.add(outcome.get());
        } else {
            views.addFailure(outcome.index(), failure);
        }
    }

    /** What is not genuine, of another name or in disorder is ignored; nobody pages on who gets nothing further. */
    private SiteView view(Site site, EncodedName name, Depth depth) throws IOException {
        KeyPrefix prefix = format.recordsOf(name);
        List<ListedRecord> genuine = new ArrayList<>();
        @Nullable BlobKey last = null;
        boolean more = true;
        for (int page = 0; more && page < depth.maxPages; page++) {
            Listing listing = site.store().list(prefix, last, depth.pageKeys);
            BlobKey before = last;
            for (BlobKey key : listing.keys()) {
                if (last == null || key.compareTo(last) > 0) {
                    format.open(key)
                            .filter(listed -> listed.name().equals(name))
                            .ifPresent(genuine::add);
                    last = key;
                }
            }
            more = listing.more();
            if (Objects.equals(last, before) || (depth == Depth.NEWEST && !genuine.isEmpty())) {
                break;
            }
        }
        return new SiteView(site.index(), genuine, !more);
    }
}
