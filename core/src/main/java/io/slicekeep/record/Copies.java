package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads copies of one revision from several sites at a time: from as many sites as copies are wanted, and for each that
 * fails or is slow from one more. Sites that serve what was not written are caught. One object per fetch, confined to one
 * thread.
 */
final class Copies implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Copies.class.getName());

    /**
     * What is wanted of a revision.
     *
     * @param revision which version
     * @param count how many good copies
     * @param extent how much of each
     */
    record Order(Revision revision, int count, Extent extent) {}

    private final Layout layout;
    private final RecordFormat format;
    private final Means means;
    private final Order order;
    private final CopyReader reader;
    private final Caught caught;
    private final Map<Integer, StoredRecord> good = new TreeMap<>();
    private @Nullable OpenedRecord opened;
    private boolean tombstone;

    Copies(Realm realm, Order order, Caught caught) {
        this.layout = realm.layout();
        this.format = realm.format();
        this.means = realm.means();
        this.order = order;
        this.reader = new CopyReader(realm, order.extent());
        this.caught = caught;
    }

    /**
     * Reads copies from the sites given, the first ones first, until the order is fulfilled or nothing more can come. Sites
     * that were not listed may lack it and nothing is held against them. Whoever is thrown out of here holds no secret.
     */
    void fetch(List<Integer> seen, Views views, Deadline deadline) throws IOException {
        try {
            gather(seen, views, deadline);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void gather(List<Integer> seen, Views views, Deadline deadline) throws IOException {
        Queue<Integer> others = new ArrayDeque<>(seen);
        try (TaskGroup<StoredRecord> group = means.tasks().group()) {
            while (!fulfilled() && !deadline.passed()) {
                boolean lacking = goodSlices() + group.underWay() < order.count() || group.underWay() == 0;
                if (lacking && !others.isEmpty()) {
                    fork(group, others.remove(), views);
                } else if (group.underWay() == 0) {
                    return;
                } else if (!takeNext(group, views, others.isEmpty() ? deadline : sooner(deadline))
                        && !others.isEmpty()) {
                    fork(group, others.remove(), views);
                }
            }
        }
    }

    /** Tells whether there are enough good copies, and the blob's secret if there is a blob. */
    boolean fulfilled() {
        return goodSlices() >= order.count() && (opened != null || tombstone);
    }

    /** Returns of how many different slices there is a good copy. */
    int goodSlices() {
        return layout.sliceCount(good.keySet());
    }

    /** Returns the inline slices of the good copies by their numbers. */
    Map<Integer, ByteBuffer> slices() {
        Map<Integer, ByteBuffer> slices = new TreeMap<>();
        good.forEach((site, stored) -> {
            if (stored.slice() != null) {
                slices.put(layout.sites().get(site).slice(), stored.slice());
            }
        });
        return slices;
    }

    /** Returns the good copies by site. */
    Map<Integer, StoredRecord> good() {
        return good;
    }

    /** Returns the copy to make others from: one whose slots are known to open, if it has any. */
    StoredRecord model() {
        return opened != null ? opened.stored() : good.values().iterator().next();
    }

    /** Returns one of the copies with its secret, the caller's to close; null for a tombstone or if no slots opened. */
    @Nullable
    OpenedRecord opened() {
        return opened;
    }

    private Deadline sooner(Deadline deadline) {
        Deadline patience = means.tasks().deadline(means.timing().patience().hedgeDelay());
        return patience.atNanos() < deadline.atNanos() ? patience : deadline;
    }

    private void fork(TaskGroup<StoredRecord> group, int index, Views views) {
        Site site = layout.sites().get(index);
        List<ListedRecord> attempts = views.attemptsAt(order.revision(), index);
        group.fork(index, () -> reader.read(site, attempts));
    }

    private boolean takeNext(TaskGroup<StoredRecord> group, Views views, Deadline until) throws IOException {
        Outcome<StoredRecord> outcome = group.next(until);
        if (outcome == null) {
            return false;
        }
        IOException failure = outcome.failure();
        if (failure == null) {
            accept(outcome.index(), outcome.get());
        } else if (failure instanceof IntegrityException || failure instanceof FormatException) {
            caught.prove(order.revision(), outcome.index(), failure);
        } else if (views.of(outcome.index()).isPresent()) {
            caught.suspect(order.revision(), outcome.index(), failure);
        }
        return true;
    }

    private void accept(int site, StoredRecord stored) {
        good.put(site, stored);
        if (stored.common().content() instanceof Content.Tombstone) {
            tombstone = true;
        } else if (opened == null) {
            try {
                opened = format.openSecret(stored);
            } catch (FormatException | IntegrityException e) {
                LOG.log(System.Logger.Level.WARNING, "site " + layout.sites().get(site) + " holds wrong slots", e);
            }
        }
    }

    /** Wipes the secret of a fetch that nobody returns. Idempotent. */
    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
