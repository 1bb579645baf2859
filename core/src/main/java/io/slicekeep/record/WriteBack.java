package io.slicekeep.record;

import io.slicekeep.error.BlobExistsException;
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
 * Puts a revision at further sites than it stands at. A reader does so before he returns a revision that stands on fewer than
 * W: else the next reader, meeting other sites, might return an older one. One object per revision, confined to one thread.
 */
final class WriteBack {
    private final Realm realm;
    private final Target target;
    private final Set<Integer> reached;
    private final Map<Integer, IOException> failures = new HashMap<>();

    /** Begins with the sites where the revision stands. */
    WriteBack(Realm realm, Target target, Set<Integer> standing) {
        this.realm = realm;
        this.target = target;
        this.reached = new TreeSet<>(standing);
    }

    /** How far to go. */
    enum Goal {
        /** Until the revision stands on W sites. */
        QUORUM,
        /** Until it stands everywhere. */
        ALL
    }

    /** Puts rebuilt records at the other sites until the goal is reached, or no more can be reached in time. */
    void run(Copies copies, Hints hints, Goal goal, Deadline deadline) throws IOException {
        put(rebuilt(copies), hints, goal, deadline);
    }

    /** Puts records at the other sites until the goal is reached, or no more can be reached in time. */
    void put(RecordSet records, Hints hints, Goal goal, Deadline deadline) throws IOException {
        int attempt = RecordFormat.drawAttempt(realm.means().random());
        RecordPut first = opened(attempt, records, hints, deadline);
        RecordPut second = opened(RecordFormat.attemptAfter(attempt), records, hints, deadline);
        try (TaskGroup<RecordPut.Step> group = realm.means().tasks().group()) {
            for (Site site : realm.layout().sites()) {
                if (!reached.contains(site.index())) {
                    group.fork(site.index(), () -> stage(site, first, second));
                }
            }
            Outcome<RecordPut.Step> outcome;
            while (!isReached(goal) && (outcome = group.next(deadline)) != null) {
                note(outcome);
            }
            group.abandon();
        }
    }

    private RecordPut opened(int attempt, RecordSet records, Hints hints, Deadline deadline) {
        RecordPut put = new RecordPut(
                realm.format().key(target.name(), records.common().revision(), attempt, hints), records, deadline);
        put.open();
        return put;
    }

    /** The number that was drawn may be that of a copy which the site has, and which is spoilt. */
    private static RecordPut.Step stage(Site site, RecordPut first, RecordPut second) throws IOException {
        try {
            return first.stage(site);
        } catch (BlobExistsException e) {
            return second.stage(site);
        }
    }

    private boolean isReached(Goal goal) {
        return goal == Goal.QUORUM
                ? realm.quorums().written(reached)
                : reached.size() == realm.layout().sites().size();
    }

    /** Returns the sites where the revision stands. */
    Set<Integer> reached() {
        return reached;
    }

    /** Returns the sites where the revision does not stand, and why. */
    Map<Integer, IOException> lacking() {
        Map<Integer, IOException> lacking = new TreeMap<>();
        for (Site site : realm.layout().sites()) {
            if (!reached.contains(site.index())) {
                lacking.put(
                        site.index(),
                        failures.getOrDefault(site.index(), new UnavailableException("has not answered yet")));
            }
        }
        return lacking;
    }

    /** Requires that the revision stands on W sites now. */
    void requireQuorum() throws UnavailableException {
        if (!realm.quorums().written(reached)) {
            Map<String, String> reasons = new TreeMap<>();
            lacking()
                    .forEach((index, failure) ->
                            reasons.put(realm.layout().sites().get(index).name(), Reasons.of(failure)));
            throw new UnavailableException("the newest version of " + target + " stands on " + reached.size() + " of "
                    + realm.layout().sites().size() + " sites, "
                    + realm.quorums().writers() + " must hold it before it can be returned: "
                    + Reasons.joined(reasons));
        }
    }

    private void note(Outcome<RecordPut.Step> outcome) {
        IOException failure = outcome.failure();
        if (failure == null) {
            reached.add(outcome.index());
        } else {
            failures.put(outcome.index(), failure);
        }
    }

    /** Rebuilds the records of all sites from copies whose slices were authenticated. */
    private RecordSet rebuilt(Copies copies) {
        StoredRecord model = copies.model();
        List<ByteBuffer> slices = List.of();
        if (model.common().content() instanceof Content.Inline inline) {
            int sealedBytes = Math.toIntExact(inline.blob().sealedBytes());
            InlineCode code = realm.code(model.common().placement().dataSlices());
            slices = code.slice(code.join(copies.slices(), sealedBytes));
        }
        return realm.format().seal(model, slices);
    }
}
