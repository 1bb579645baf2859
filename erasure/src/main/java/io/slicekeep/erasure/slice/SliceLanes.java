package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private final Spread spread;
    private final SliceLane[] lanes;
    private final BitSet taking;
    private final int quorum;

    /** Why sites are left out, by index. */
    private final Map<Integer, IOException> failures = new TreeMap<>();

    private SliceLanes(Workshop workshop, Spread spread, BitSet taking, int quorum) {
        this.workshop = workshop;
        this.spread = spread;
        this.taking = taking;
        this.quorum = quorum;
        this.lanes = new SliceLane[spread.profile().sites()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new SliceLane(spread, i);
        }
    }

    static SliceLanes all(Workshop workshop, Spread spread) {
        BitSet all = new BitSet();
        all.set(0, spread.profile().sites());
        return new SliceLanes(workshop, spread, all, spread.profile().writeQuorum());
    }

    static SliceLanes some(Workshop workshop, Spread spread, Set<Integer> only) {
        BitSet taking = new BitSet();
        only.forEach(taking::set);
        return new SliceLanes(workshop, spread, taking, 1);
    }

    Map<Integer, IOException> failures() {
        return failures;
    }

    /** Starts a step at every site that still takes part. */
    TaskGroup<Integer> fork(Step step) {
        TaskGroup<Integer> group = workshop.tasks().group();
        for (int i = 0; i < lanes.length; i++) {
            int index = i;
            if (taking.get(index) && !failures.containsKey(index)) {
                group.fork(index, () -> {
                    step.run(lanes[index]);
                    return index;
                });
            }
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
            BitSet done = new BitSet();
            Deadline deadline = workshop.tasks().deadline(patience);
            for (Outcome<Integer> o = group.next(deadline); o != null; o = group.next(deadline)) {
                note(o, done);
            }
            for (int late = nextOpen(done, 0); late < lanes.length; late = nextOpen(done, late + 1)) {
                failures.put(late, new UnavailableException("no answer within " + patience));
                discardBehind(late);
            }
        }
        requireQuorum(taking.cardinality() - failures.size());
    }

    /**
     * Commits all slices. Returns once all are visible, or enough and some time has passed; the others go on behind.
     *
     * @throws UnavailableException if fewer are
     */
    void commit(SliceFooter footer) throws IOException {
        BitSet confirmed = new BitSet();
        TaskGroup<Integer> group = fork(lane -> lane.commit(footer));
        try {
            gatherCommits(group, confirmed);
        } catch (InterruptedIOException e) {
            // With enough commits it is done, whoever interrupts; the thread's flag stays set.
            if (confirmed.cardinality() < quorum) {
                throw e;
            }
        } finally {
            group.abandon();
        }
        for (int late = nextOpen(confirmed, 0); late < lanes.length; late = nextOpen(confirmed, late + 1)) {
            failures.put(late, new OutcomeUnknownException("not committed yet; it goes on behind"));
        }
        requireQuorum(confirmed.cardinality());
    }

    /** Takes back what all lanes did, as far as their sites answer in time. */
    void discard() {
        TaskGroup<Integer> group = workshop.tasks().group();
        for (int i = 0; i < lanes.length; i++) {
            forkCleanUp(group, i);
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

    private void gatherCommits(TaskGroup<Integer> group, BitSet confirmed) throws InterruptedIOException {
        Deadline deadline = workshop.tasks().deadline(workshop.patience().commitTimeout());
        for (Outcome<Integer> o = group.next(deadline); o != null; o = group.next(deadline)) {
            note(o, confirmed);
            if (o.succeeded() && confirmed.cardinality() == quorum) {
                deadline = workshop.tasks().deadline(workshop.patience().settleTime());
            }
        }
    }

    private void note(Outcome<Integer> outcome, BitSet succeeded) {
        IOException failure = outcome.failure();
        if (failure == null) {
            succeeded.set(outcome.index());
        } else {
            failures.put(outcome.index(), failure);
        }
    }

    /** The next site that neither succeeded nor failed. */
    private int nextOpen(BitSet succeeded, int from) {
        int index = from;
        while (index < lanes.length && (succeeded.get(index) || failures.containsKey(index) || !taking.get(index))) {
            index++;
        }
        return index;
    }

    private void discardBehind(int index) {
        TaskGroup<Integer> group = workshop.tasks().group();
        forkCleanUp(group, index);
        group.abandon();
    }

    private void forkCleanUp(TaskGroup<Integer> group, int index) {
        if (lanes[index].doom()) {
            group.fork(index, () -> {
                lanes[index].cleanUp();
                return index;
            });
        }
    }

    private void requireQuorum(int remaining) throws UnavailableException {
        if (remaining < quorum) {
            String reasons = failures.entrySet().stream()
                    .map(failure -> spread.sites().get(failure.getKey()) + ": "
                            + failure.getValue().getMessage())
                    .collect(Collectors.joining("; "));
            throw new UnavailableException(
                    "only " + remaining + " sites take its slices, " + quorum + " must: " + reasons);
        }
    }
}
