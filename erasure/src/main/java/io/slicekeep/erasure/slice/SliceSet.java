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

/**
 * The slices of a blob that is read, by their numbers, and which of them to prefer. Where members have gone, there are numbers
 * without a slice. Thread-safe.
 */
final class SliceSet {
    private final Workshop workshop;
    private final Spread spread;
    private final SliceCopies[] readers;
    private final BitSet held = new BitSet();

    /** Reads from some of the spread's sites. */
    SliceSet(Workshop workshop, Spread spread, List<Site> sites, StripeLayout layout) {
        this.workshop = workshop;
        this.spread = spread;
        this.readers = IntStream.range(0, spread.layout().cells())
                .mapToObj(slice -> new SliceCopies(sites.stream()
                        .filter(site -> site.slice() == slice)
                        .map(site -> new SliceReader(workshop.pace(), spread, site, layout))
                        .toList()))
                .toArray(SliceCopies[]::new);
        sites.forEach(site -> held.set(site.slice()));
    }

    /** Returns how many cells a stripe has, those that lie nowhere too. */
    int count() {
        return readers.length;
    }

    /** Returns the slices that a site has. */
    BitSet held() {
        return (BitSet) held.clone();
    }

    /** Returns k. */
    int needed() {
        return spread.dataSlices();
    }

    SliceCopies reader(int index) {
        return readers[index];
    }

    boolean healthy(int index) {
        return held.get(index) && readers[index].failure() == null;
    }

    /** Returns which sites are so slow that others had better be asked. */
    BitSet slow() {
        int[] slices = held.stream().toArray();
        List<Site> sites =
                Arrays.stream(slices).mapToObj(slice -> readers[slice].site()).toList();
        BitSet slow = new BitSet();
        workshop.pace().slow(sites, needed()).stream().forEach(i -> slow.set(slices[i]));
        return slow;
    }

    /** Returns all indexes: those that never failed, data before parity, then the slow ones; the others as a last resort. */
    int[] preferred() {
        BitSet slow = slow();
        return held.stream()
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
        failures.forEach((index, failure) -> missing.add(readers[index].site() + ": " + failure.getMessage()));
        return new TooFewSlicesException(
                spread.base().value(), needed(), held.cardinality() - failures.size(), missing);
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
