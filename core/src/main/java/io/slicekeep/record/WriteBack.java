package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts a revision that a reader is about to return at further sites, until it stands on W: else the next reader, meeting
 * other sites, might return an older one. Thread-safe.
 */
final class WriteBack {
    private final Realm realm;

    WriteBack(Realm realm) {
        this.realm = realm;
    }

    /**
     * Makes a revision stand on W sites.
     *
     * @param target the name
     * @param copies copies that are enough to rebuild every site's record
     * @param hints the revision's
     * @param standing the sites where it stands
     * @param deadline of the reading, whose listing the put rests on
     */
    void run(Target target, Copies copies, Hints hints, Set<Integer> standing, Deadline deadline) throws IOException {
        Layout layout = realm.layout();
        RecordSet records = rebuilt(copies);
        Revision revision = records.common().revision();
        int attempt = RecordFormat.drawAttempt(realm.means().random());
        RecordPut put = new RecordPut(realm.format().key(target.name(), revision, attempt, hints), records, deadline);
        put.open();
        Set<Integer> reached = new TreeSet<>(standing);
        Map<Integer, IOException> failures = new HashMap<>();
        try (TaskGroup<RecordPut.Step> group = realm.means().tasks().group()) {
            for (Site site : layout.sites()) {
                if (!standing.contains(site.index())) {
                    group.fork(site.index(), () -> put.stage(site));
                }
            }
            while (reached.size() < layout.profile().writeQuorum()) {
                Outcome<RecordPut.Step> outcome = group.next(deadline);
                if (outcome == null) {
                    throw tooFew(target, reached, failures);
                }
                IOException failure = outcome.failure();
                if (failure == null) {
                    reached.add(outcome.index());
                } else {
                    failures.put(outcome.index(), failure);
                }
            }
            group.abandon();
        }
    }

    /** Rebuilds the records of all sites, and checks every slice against its digest before it goes anywhere. */
    private RecordSet rebuilt(Copies copies) throws IntegrityException {
        StoredRecord model = copies.model();
        List<ByteBuffer> slices = List.of();
        if (model.common().content() instanceof Content.Inline inline) {
            int sealedBytes = Math.toIntExact(inline.blob().sealedBytes());
            slices = realm.code().slice(realm.code().join(copies.slices(), sealedBytes));
            for (int i = 0; i < slices.size(); i++) {
                if (!Bytes.sha256(slices.get(i)).equals(inline.digests().get(i))) {
                    throw new IntegrityException(
                            "the slices of " + model.common().name() + " do not belong together: that of site " + i
                                    + " comes out differently");
                }
            }
        }
        return new RecordSet(model.common(), model.authenticated(), model.slotArea(), slices);
    }

    private UnavailableException tooFew(Target target, Set<Integer> reached, Map<Integer, IOException> failures) {
        Map<String, String> reasons = new TreeMap<>();
        for (Site site : realm.layout().sites()) {
            if (!reached.contains(site.index())) {
                reasons.put(site.name(), Reasons.of(failures.get(site.index())));
            }
        }
        return new UnavailableException("the newest version of " + target + " stands on " + reached.size() + " of "
                + realm.layout().sites().size() + " sites, "
                + realm.profile().writeQuorum() + " must hold it before it can be returned: "
                + Reasons.joined(reasons));
    }
}
