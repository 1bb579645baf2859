package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts one revision at all sites and knows when it is acknowledged: when it stands on W of them, within the deadline. What
 * is on its way then goes on behind; nobody deletes a put that came late, since a reader may have counted it. One object per
 * write, confined to one thread.
 */
final class Writing {
    private final Layout layout;
    private final Means means;
    private final Target target;
    private final RecordPut put;
    private final Deadline deadline;
    private final Set<Integer> staged = new TreeSet<>();
    private final Set<Integer> standing = new TreeSet<>();
    private final Map<Integer, IOException> failures = new HashMap<>();
    private boolean opened;

    Writing(Realm realm, Target target, RecordPut put, Deadline deadline) {
        this.layout = realm.layout();
        this.means = realm.means();
        this.target = target;
        this.put = put;
        this.deadline = deadline;
    }

    /** Writes to all sites. Returns the sites that do not hold the record yet, with the reason. */
    Map<String, String> run() throws IOException {
        try (TaskGroup<RecordPut.Step> group = means.tasks().group()) {
            for (Site site : layout.sites()) {
                group.fork(site.index(), () -> put.stage(site));
            }
            try {
                awaitQuorum(group);
                awaitTheRest(group);
            } catch (InterruptedIOException e) {
                // With W it is done, whoever interrupts; the thread's flag stays set.
                if (!acknowledged()) {
                    throw opened ? unknown("interrupted", e) : e;
                }
            } finally {
                if (!opened || !acknowledged()) {
                    put.abort().forEach(waiting -> group.fork(waiting.siteIndex(), waiting::drop));
                }
                group.abandon();
            }
        }
        if (deadline.passed()) {
            throw unknown("the deadline passed before it could be acknowledged", null);
        }
        return missing();
    }

    /** Returns the sites that are known to hold the record. */
    Set<Integer> standing() {
        return standing;
    }

    private boolean acknowledged() {
        return layout.quorums().written(standing);
    }

    /** Tells whether the sites that have not failed would be enough. */
    private boolean possible() {
        return layout.quorums()
                .written(layout.sites().stream()
                        .map(Site::index)
                        .filter(index -> !failures.containsKey(index))
                        .toList());
    }

    private void awaitQuorum(TaskGroup<RecordPut.Step> group) throws IOException {
        while (!acknowledged()) {
            Outcome<RecordPut.Step> outcome = possible() ? group.next(deadline) : null;
            if (outcome == null) {
                throw failed(group.underWay());
            }
            note(outcome);
            if (!opened && layout.quorums().written(staged)) {
                opened = true;
                put.open().forEach(waiting -> group.fork(waiting.siteIndex(), waiting::commit));
            }
        }
    }

    /** Waits a little for the sites that have not answered, well within the deadline. */
    private void awaitTheRest(TaskGroup<RecordPut.Step> group) throws InterruptedIOException {
        long halfNanos = deadline.remainingNanos() / 2;
        long settleNanos = Math.min(means.timing().patience().settleTime().toNanos(), halfNanos);
        Deadline settled = means.tasks().deadline(Duration.ofNanos(settleNanos));
        while (standing.size() + failures.size() < layout.sites().size()) {
            Outcome<RecordPut.Step> outcome = group.next(settled);
            if (outcome == null) {
                return;
            }
            note(outcome);
        }
    }

    private void note(Outcome<RecordPut.Step> outcome) {
        IOException failure = outcome.failure();
        if (failure != null) {
            failures.put(outcome.index(), failure);
        } else if (outcome.value() == RecordPut.Step.STANDING) {
            standing.add(outcome.index());
        } else {
            staged.add(outcome.index());
        }
    }

    /** Nothing was written if nothing was let through the gate, or all that was has failed for certain. */
    private IOException failed(int underWay) {
        boolean mayStand = !standing.isEmpty()
                || underWay > 0
                || failures.values().stream().anyMatch(OutcomeUnknownException.class::isInstance);
        if (opened && mayStand) {
            return unknown("only " + standing.size() + " of " + layout.sites().size() + " sites took it", null);
        }
        int able = opened ? standing.size() : staged.size();
        return new UnavailableException(target + " was not written: only " + able + " of "
                + layout.sites().size() + " sites could take it, "
                + layout.quorums().writers() + " must: "
                + Reasons.joined(missing()));
    }

    private OutcomeUnknownException unknown(String why, @Nullable Throwable cause) {
        return new OutcomeUnknownException(
                target + " may or may not have been written: " + why + ", "
                        + layout.quorums().writers() + " must: " + Reasons.joined(missing()),
                cause);
    }

    private Map<String, String> missing() {
        Map<String, String> missing = new TreeMap<>();
        for (Site site : layout.sites()) {
            boolean done = opened ? standing.contains(site.index()) : staged.contains(site.index());
            if (!done) {
                missing.put(site.name(), Reasons.of(failures.get(site.index())));
            }
        }
        return missing;
    }
}
