package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The n slices of a blob that is read, by their indexes, and which of them to prefer. Thread-safe. */
final class SliceSet {
    private final Workshop workshop;
    private final Spread spread;
    private final SliceCopies[] readers;

    /** Reads from some of the spread's sites, at least one for each slice. */
    SliceSet(Workshop workshop, Spread spread, List<Site> sites, StripeLayout layout) {
        this.workshop = workshop;
        this.spread = spread;
        this.readers = IntStream.range(0, spread.profile().sites())
                .mapToObj(slice -> new SliceCopies(sites.stream()
                        .filter(site -> site.slice() == slice)
                        .map(site -> new SliceReader(workshop.pace(), spread, site, layout))
                        .toList()))
                .toArray(SliceCopies[]::new);
    }

    int count() {
        return readers.length;
    }

    /** Returns k. */
    int needed() {
        return spread.profile().dataSlices();
    }

    SliceCopies reader(int index) {
        return readers[index];
    }

    boolean healthy(int index) {
        return readers[index].failure() == null;
    }

    /** Returns which sites are so slow that others had better be asked. */
    BitSet slow() {
        return workshop.pace()
                .slow(Arrays.stream(readers).map(SliceCopies::site).toList(), needed());
    }

    /** Returns all indexes: those that never failed, data before parity, then the slow ones; the others as a last resort. */
    int[] preferred() {
        BitSet slow = slow();
        return IntStream.range(0, readers.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> (healthy(i) ? 0 : 2) + (slow.get(i) ? 1 : 0)))
                .mapToInt(i -> i)
                .toArray();
    }

    /** Opens k slices, and for each that fails or is late another one, until k are open. */
    void open() throws IOException {
        TaskGroup<Integer> group = workshop.tasks().group();
        try {
            new Opening(group).run();
        } finally {
            group.abandon();
        }
    }

    void close() {
        for (SliceCopies reader : readers) {
            reader.close();
        }
    }

    /** Says what happens when all but too few slices failed. */
    TooFewSlicesException tooFew(Map<Integer, IOException> failures) {
        List<String> missing = new ArrayList<>();
        failures.forEach((index, failure) -> missing.add(spread.sites().get(index) + ": " + failure.getMessage()));
        return new TooFewSlicesException(spread.base().value(), needed(), readers.length - failures.size(), missing);
    }

    /** Returns what is held against a site that used up its time. */
    UnavailableException late() {
        return new UnavailableException(
                "no answer within " + workshop.patience().siteTimeout());
    }

    /** The first k of n to open. */
    private final class Opening {
        private final TaskGroup<Integer> group;
        private final HedgeClock clock = new HedgeClock(workshop);
        private final BitSet open = new BitSet();
        private final BitSet slow = new BitSet();
        private final Map<Integer, IOException> failures = new TreeMap<>();
        private final int[] order = preferred();
        private int asked;

        Opening(TaskGroup<Integer> group) {
            this.group = group;
        }

        void run() throws IOException {
            while (open.cardinality() < needed()) {
                askMore();
                Outcome<Integer> outcome = clock.next(group);
                if (outcome != null) {
                    note(outcome);
                } else {
                    lapse();
                }
            }
        }

        private void askMore() throws TooFewSlicesException {
            while (asked < order.length
                    && pending().cardinality() - slow.cardinality() + open.cardinality() < needed()) {
                int index = order[asked++];
                clock.asked();
                group.fork(index, () -> {
                    readers[index].open();
                    return index;
                });
            }
            if (pending().isEmpty() && open.cardinality() < needed()) {
                throw tooFew(failures);
            }
        }

        private void note(Outcome<Integer> outcome) {
            int index = outcome.index();
            slow.clear(index);
            if (failures.containsKey(index)) {
                return; // it had used up its time
            }
            if (outcome.failure() == null) {
                open.set(index);
            } else {
                failures.put(index, outcome.failure());
            }
        }

        /** At the end of their time those under way failed; before, others are asked besides. */
        private void lapse() throws TooFewSlicesException {
            if (clock.expired()) {
                pending().stream().forEach(i -> {
                    readers[i].blame(late());
                    failures.put(i, late());
                });
                slow.clear();
            } else if (workshop.pace().mayHedge()) {
                slow.or(pending());
                int before = asked;
                askMore();
                workshop.pace().spend(asked - before);
            }
        }

        private BitSet pending() {
            BitSet pending = new BitSet();
            Arrays.stream(order, 0, asked).forEach(pending::set);
            pending.andNot(open);
            failures.keySet().forEach(pending::clear);
            return pending;
        }
    }
}
