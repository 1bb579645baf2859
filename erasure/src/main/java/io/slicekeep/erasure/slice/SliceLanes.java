package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.Quorums;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The slices of one blob on their way: steps that all sites take together. A site that fails a step, or is late, is
 * left out of those that follow, as long as enough sites remain: W, or one where slices are rebuilt. Confined to one thread at a time.
 */
final class SliceLanes {
    /** What one site does while the others do the same. */
    @FunctionalInterface
    interface Step {
        void run(SliceLane lane) throws IOException;
    }

    private final Workshop workshop;
    private final SliceLane[] lanes;
    private final Set<Integer> taking;
    private final Predicate<Collection<Integer>> enough;
    private final String needed;

    /** Why sites are left out, by index. */
    private final Map<Integer, IOException> failures = new TreeMap<>();

    private SliceLanes(
            Workshop workshop,
            SliceLane[] lanes,
            Set<Integer> taking,
            Predicate<Collection<Integer>> enough,
            String needed) {
        this.workshop = workshop;
        this.lanes = lanes;
        this.taking = new TreeSet<>(taking);
        this.enough = enough;
        this.needed = needed;
    }

    /** The slices of a new blob: on their way to all sites, W of which must take them. */
    static SliceLanes all(Workshop workshop, Spread spread, SliceLane.Claim claim) {
        Set<Integer> all = spread.sites().stream().map(Site::index).collect(Collectors.toSet());
        Quorums quorums = spread.layout().quorums();
        return new SliceLanes(workshop, lanes(spread, claim), all, quorums::written, quorums.writers());
    }

    /** Slices of a blob that stands already: others may rebuild them too. */
    static SliceLanes some(Workshop workshop, Spread spread, Set<Integer> only) {
        return new SliceLanes(workshop, lanes(spread, SliceLane.Claim.SHARED), only, sites -> !sites.isEmpty(), "1");
    }

    private static SliceLane[] lanes(Spread spread, SliceLane.Claim claim) {
        return spread.sites().stream()
                .map(site -> new SliceLane(spread, site, claim))
                .toArray(SliceLane[]::new);
    }

    Map<Integer, IOException> failures() {
        return failures;
    }

    /** Starts a step at every site that still takes part. */
    TaskGroup<Integer> fork(Step step) {
        TaskGroup<Integer> group = workshop.tasks().group();
        for (int index : taking) {
            group.fork(index, () -> {
                step.run(lanes[index]);
                return index;
            });
        }
        return group;
    }

    /**
     * Waits for a step, and leaves out the sites that fail it or are late.
     *
     * @throws UnavailableException if too few sites remain
     */
    void await(TaskGroup<Integer> group) throws IOException {
        Duration patience = workshop.patience().siteTimeout();
        try (group) {
            Set<Integer> done = new HashSet<>();
            Deadline deadline = workshop.tasks().deadline(patience);
            for (Outcome<Integer> o = group.next(deadline); o != null; o = group.next(deadline)) {
                note(o, done);
            }
            for (int late : takingBesides(done)) {
                leaveOut(late, new UnavailableException("no answer within " + patience));
                discardBehind(late);
            }
        }
        requireQuorum(taking);
    }

    /**
     * Commits all slices. Returns once all are visible, or enough and some time has passed; the others go on behind.
     *
     * @throws UnavailableException if fewer are
     */
    void commit(SliceFooter footer) throws IOException {
        Set<Integer> confirmed = new HashSet<>();
        TaskGroup<Integer> group = fork(lane -> lane.commit(footer));
        try {
            gatherCommits(group, confirmed);
        } catch (InterruptedIOException e) {
            // With enough commits it is done, whoever interrupts; the thread's flag stays set.
            if (!enough.test(confirmed)) {
                throw e;
            }
        } finally {
            group.abandon();
        }
        for (int late : takingBesides(confirmed)) {
            leaveOut(late, new OutcomeUnknownException("not committed yet; it goes on behind"));
        }
        requireQuorum(confirmed);
    }

    /** Takes back what all lanes did, as far as their sites answer in time. */
    void discard() {
        TaskGroup<Integer> group = workshop.tasks().group();
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i].doom()) {
                forkCleanUp(group, i);
            }
        }
        try {
            Deadline deadline = workshop.siteDeadline();
            while (group.next(deadline) != null) {
                // A slice that cannot be taken back is invisible or garbage; both are found later.
            }
        } catch (InterruptedIOException e) {
            // The thread's flag stays set; the rest goes on behind.
        } finally {
            group.abandon();
        }
    }

    private void gatherCommits(TaskGroup<Integer> group, Set<Integer> confirmed) throws InterruptedIOException {
        boolean settling = false;
        Deadline deadline = workshop.tasks().deadline(workshop.patience().commitTimeout());
        for (Outcome<Integer> o = group.next(deadline); o != null; o = group.next(deadline)) {
            note(o, confirmed);
            if (!settling && enough.test(confirmed)) {
                settling = true;
                deadline = workshop.tasks().deadline(workshop.patience().settleTime());
            }
        }
    }

    private void note(Outcome<Integer> outcome, Set<Integer> succeeded) {
        IOException failure = outcome.failure();
        if (failure == null) {
            succeeded.add(outcome.index());
        } else {
            leaveOut(outcome.index(), failure);
            if (lanes[outcome.index()].endIdle()) {
                cleanUpBehind(outcome.index());
            }
        }
    }

    private void leaveOut(int index, IOException failure) {
        taking.remove(index);
        failures.put(index, failure);
    }

    /** The sites that neither succeeded nor failed. */
    private List<Integer> takingBesides(Set<Integer> succeeded) {
        return taking.stream().filter(index -> !succeeded.contains(index)).toList();
    }

    private void discardBehind(int index) {
        if (lanes[index].doom()) {
            cleanUpBehind(index);
        }
    }

    private void cleanUpBehind(int index) {
        TaskGroup<Integer> group = workshop.tasks().group();
        forkCleanUp(group, index);
        group.abandon();
    }

    private void forkCleanUp(TaskGroup<Integer> group, int index) {
        group.forkRelease(index, () -> {
            lanes[index].cleanUp();
            return index;
        });
    }

    private void requireQuorum(Set<Integer> remaining) throws UnavailableException {
        if (!enough.test(remaining)) {
            String reasons = failures.entrySet().stream()
                    .map(failure -> lanes[failure.getKey()].site() + ": "
                            + failure.getValue().getMessage())
                    .collect(Collectors.joining("; "));
            throw new UnavailableException(
                    "only " + remaining.size() + " sites take its slices, " + needed + " must: " + reasons);
        }
    }
}
