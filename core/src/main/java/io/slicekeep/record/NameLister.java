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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists one name at several sites at a time. Thread-safe. */
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

    /** How many sites are asked; a site that fails is replaced by another. */
    enum Reach {
        /** So many that together they meet whatever was acknowledged. */
        FEW,
        /** R. */
        PROVING,
        /** All. */
        ALL
    }

    /**
     * When a listing may end.
     *
     * @param first how many sites are asked to begin with, in the order of the name's own; more are when these are slow, or
     *     have answered and not settled it
     * @param certainty how many answers it takes to go on without the slow ones
     * @param settled tells whether further answers are not needed
     */
    record Wish(Reach first, Certainty certainty, Predicate<Views> settled) {
        /** Every site that answers in time. */
        static final Wish ALL = new Wish(Reach.ALL, Certainty.PROVEN, views -> false);
    }

    /** Lists a name. Returns when it is settled, when patience is over though enough have answered, or at the deadline. */
    Views list(EncodedName name, Depth depth, Wish wish, Deadline deadline) throws IOException {
        try (TaskGroup<SiteView> group = means.tasks().group()) {
            return new Asking(name, depth, wish, group).run(deadline);
        }
    }

    /** One listing. Confined to one thread. */
    private final class Asking {
        private final EncodedName name;
        private final Depth depth;
        private final Wish wish;
        private final TaskGroup<SiteView> group;
        private final Views views = new Views(layout.sites());
        private final Queue<Site> others;
        private final Set<Integer> hopeful = new TreeSet<>();
        private Reach reach;

        Asking(EncodedName name, Depth depth, Wish wish, TaskGroup<SiteView> group) {
            this.name = name;
            this.depth = depth;
            this.wish = wish;
            this.group = group;
            this.others = new ArrayDeque<>(realm.inTurn(name));
            this.reach = wish.first();
        }

        Views run(Deadline deadline) throws IOException {
            Deadline patience = patience(deadline);
            boolean more = true;
            while (more) {
                ask();
                Outcome<SiteView> outcome = group.next(patience);
                if (outcome != null) {
                    boolean enough = isEnough();
                    add(outcome);
                    more = !wish.settled().test(views);
                    patience = enough == isEnough() ? patience : patience(deadline);
                } else {
                    more = reach != Reach.ALL && !deadline.passed();
                    reach = group.underWay() == 0 && reach == Reach.FEW ? Reach.PROVING : Reach.ALL;
                    patience = patience(deadline);
                }
            }
            return views;
        }

        /** Asks as many as are wanted of those that have not failed. */
        private void ask() {
            while (!others.isEmpty() && !isReached()) {
                Site site = others.remove();
                hopeful.add(site.index());
                group.fork(site.index(), () -> view(site, name, depth));
            }
        }

        private boolean isReached() {
            return switch (reach) {
                case FEW -> layout.quorums().meets(hopeful);
                case PROVING -> layout.quorums().answered(hopeful);
                case ALL -> false;
            };
        }

        private boolean isEnough() {
            return realm.enough(wish.certainty(), views.answering());
        }

        /** Slow sites are waited for as long as there is need, when all have been asked. */
        private Deadline patience(Deadline deadline) {
            return reach == Reach.ALL && !isEnough() ? deadline : sooner(deadline);
        }

        private void add(Outcome<SiteView> outcome) throws IOException {
            IOException failure = outcome.failure();
            if (failure == null) {
                views.add(outcome.get());
            } else {
                views.addFailure(outcome.index(), failure);
                hopeful.remove(outcome.index());
            }
        }
    }

    private Deadline sooner(Deadline deadline) {
        Deadline patience = means.tasks().deadline(means.timing().patience().hedgeDelay());
        return patience.atNanos() < deadline.atNanos() ? patience : deadline;
    }

    /** What is not genuine, of another name or in disorder is ignored; nobody pages on who gets nothing further. */
    private SiteView view(Site site, EncodedName name, Depth depth) throws IOException {
        KeyPrefix prefix = format.recordsOf(name);
        List<ListedRecord> genuine = new ArrayList<>();
        Set<Revision> noted = new HashSet<>();
        @Nullable BlobKey last = null;
        boolean more = true;
        for (int page = 0; more && page < depth.maxPages; page++) {
            Listing listing = site.store().list(prefix, last, depth.pageKeys);
            BlobKey before = last;
            for (BlobKey key : listing.keys()) {
                if (last == null || key.compareTo(last) > 0) {
                    format.open(key)
                            .filter(listed -> listed.name().equals(name))
                            .ifPresentOrElse(
                                    genuine::add,
                                    () -> format.openNote(key)
                                            .filter(note -> note.name().equals(name))
                                            .ifPresent(note -> noted.add(note.revision())));
                    last = key;
                }
            }
            more = listing.more();
            if (Objects.equals(last, before) || (depth == Depth.NEWEST && !genuine.isEmpty())) {
                break;
            }
        }
        return new SiteView(site.index(), genuine, noted, !more);
    }
}
