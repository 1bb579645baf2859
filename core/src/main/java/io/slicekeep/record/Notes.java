package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts notes, behind the back of whoever made a revision final: nobody waits for them, what fails is dropped, and there are
 * never many under way. A missing note costs its readers some listings and nothing else. Thread-safe.
 */
final class Notes {
    private static final System.Logger LOG = System.getLogger(Notes.class.getName());

    /** More would keep the sites from what somebody waits for. */
    private static final int MOST_UNDER_WAY = 64;

    /** A note at a site. */
    private record Place(int site, BlobKey key) {}

    private final Layouts layouts;
    private final Map<Place, Deadline> underWay = new HashMap<>();

    /** Creates the putter of all layouts of a namespace. */
    Notes(Layouts layouts) {
        this.layouts = layouts;
    }

    /**
     * Notes that a revision is final where readers look first: at the first of the sites where it stands, as many as one of
     * which does not lie. What stood on W sites of a layout is final only if no other one held by then.
     */
    void put(Realm realm, EncodedName name, Revision revision, Collection<Integer> standing) {
        if (!layouts.holds(realm.layout())) {
            return;
        }
        BlobKey key = realm.format().note(name, revision);
        Set<Integer> chosen = new TreeSet<>();
        try (TaskGroup<Boolean> group = realm.means().tasks().group()) {
            for (Site site : realm.inTurn(name)) {
                if (standing.contains(site.index()) && !realm.quorums().believed(chosen)) {
                    chosen.add(site.index());
                    fork(group, realm, site, key);
                }
            }
            group.abandon();
        }
    }

    private void fork(TaskGroup<Boolean> group, Realm realm, Site site, BlobKey key) {
        Place place = new Place(site.index(), key);
        Deadline end =
                realm.means().tasks().deadline(realm.means().timing().patience().siteTimeout());
        if (admit(place, end)) {
            group.fork(site.index(), () -> {
                try {
                    put(site, key);
                } finally {
                    end(place);
                }
                return true;
            });
        }
    }

    /** What did not end in time hangs, or was never begun: it is no longer counted. */
    private synchronized boolean admit(Place place, Deadline end) {
        if (underWay.size() >= MOST_UNDER_WAY) {
            underWay.values().removeIf(Deadline::passed);
        }
        return underWay.size() < MOST_UNDER_WAY && underWay.putIfAbsent(place, end) == null;
    }

    private synchronized void end(Place place) {
        underWay.remove(place);
    }

    private static void put(Site site, BlobKey key) {
        try (BlobSink sink = site.store().create(key)) {
            sink.commit();
        } catch (BlobExistsException e) {
            // Somebody else noted it: all that a note says is in its key.
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no note at " + site, e);
        }
    }
}
