package io.slicekeep.erasure.slice;

import io.slicekeep.site.Site;
import io.slicekeep.task.Tasks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast sites answer reads, seen by all reads of a dispersal, and what follows from it: whom to pass over, when a read is
 * late, and whether others may then be asked besides. Thread-safe.
 *
 * <p>A site's expected time is the exponentially weighted mean of its answers (weight 1/8, as RFC 6298), and never less than
 * its oldest call under way has lasted: so one that hangs is passed over by all readers at once. One that was not read from
 * yet is taken to be as fast as the fastest.
 */
final class ReadPace {
    /** Each read allows so much of another one. */
    private static final double EXTRA_SHARE = 0.05;

    /** Spent at first, or saved up while all is well. */
    private static final double MOST_CREDIT = 10;

    private static final double LATE_SHARE = 0.95;
    private static final int ENOUGH_ANSWERS = 100;

    /** Below, threads and collectors are what is late. */
    private static final long LEAST_HEDGE_NANOS = 5_000_000;

    private static final int WEIGHT_OF_OLD = 7;
    private static final int SLOW_FACTOR = 2;

    /** Less is not worth to rebuild for. */
    private static final long SLOW_MARGIN_NANOS = 2_000_000;

    /** A site that is passed over is tried again so long after it last answered, and what was known of it is forgotten. */
    private static final long FORGIVEN_AFTER_NANOS = 10_000_000_000L;

    private final Tasks tasks;
    private final Duration longestDelay;

    // All under this object's lock.
    private final Map<String, Times> sites = new HashMap<>();
    private final LatencyHistogram answers = new LatencyHistogram();
    private double credit = MOST_CREDIT;

    /** Begins with nothing known; a read is late after the delay, or earlier when that is known to be late. */
    ReadPace(Tasks tasks, Duration longestDelay) {
        this.tasks = tasks;
        this.longestDelay = longestDelay;
    }

    /** What is known of one site. */
    private static final class Times {
        private final Deque<Call> underWay = new ArrayDeque<>();
        private long meanNanos;
        private long answeredAtNanos;
        private long triedAtNanos;

        boolean known() {
            return meanNanos > 0 || !underWay.isEmpty();
        }

        long expectedNanos(long now) {
            return underWay.isEmpty() ? meanNanos : Math.max(meanNanos, now - underWay.getFirst().startNanos);
        }
    }

    /** One read at one site, from its beginning to its end. */
    final class Call {
        private final Times times;
        private final long startNanos = tasks.elapsedNanos();

        private Call(Times times) {
            this.times = times;
        }

        /** The site gave what was asked for. */
        void answered() {
            long now = tasks.elapsedNanos();
            long nanos = Math.max(1, now - startNanos);
            synchronized (ReadPace.this) {
                boolean first = times.meanNanos == 0 || startNanos - times.answeredAtNanos >= FORGIVEN_AFTER_NANOS;
                long mean = first ? nanos : times.meanNanos;
                times.meanNanos = (WEIGHT_OF_OLD * mean + nanos) / (WEIGHT_OF_OLD + 1);
                times.answeredAtNanos = now;
                answers.add(nanos);
            }
        }

        /** The call is over, answered or not. */
        void ended() {
            synchronized (ReadPace.this) {
                times.underWay.remove(this);
            }
        }
    }

    /** Says that a site is read from now, which earns a part of an extra read. */
    synchronized Call begin(Site site) {
        Times times = sites.computeIfAbsent(site.name(), name -> new Times());
        Call call = new Call(times);
        times.underWay.addLast(call);
        credit = Math.min(MOST_CREDIT, credit + EXTRA_SHARE);
        return call;
    }

    /** Returns after how long a read is late: as the slowest of twenty were, if enough are known. */
    synchronized Duration hedgeDelay() {
        if (answers.total() < ENOUGH_ANSWERS) {
            return longestDelay;
        }
        Duration late = Duration.ofNanos(Math.max(LEAST_HEDGE_NANOS, answers.quantileNanos(LATE_SHARE)));
        return late.compareTo(longestDelay) < 0 ? late : longestDelay;
    }

    /** Tells whether other sites may be asked for what is late. What they are asked for may cost more than there is. */
    synchronized boolean mayHedge() {
        return credit >= 1;
    }

    /** Pays for reads that were asked for besides. */
    synchronized void spend(int extraReads) {
        credit -= extraReads;
    }

    /** Returns which of these sites are much slower than the slowest of the fastest few. */
    synchronized BitSet slow(List<Site> candidates, int fewest) {
        long[] expected = expected(candidates);
        long[] sorted = expected.clone();
        Arrays.sort(sorted);
        long limit = SLOW_FACTOR * sorted[fewest - 1] + SLOW_MARGIN_NANOS;
        BitSet slow = new BitSet();
        for (int i = 0; i < expected.length; i++) {
            slow.set(i, expected[i] > limit);
        }
        return slow;
    }

    /** Tells whether it is time to try a slow site again, besides others that are fast; it counts as tried then. */
    synchronized boolean mayTryAgain(Site slow) {
        Times times = sites.computeIfAbsent(slow.name(), name -> new Times());
        long now = tasks.elapsedNanos();
        long lastNanos = Math.max(times.answeredAtNanos, times.triedAtNanos);
        boolean due = times.underWay.isEmpty() && now - lastNanos >= FORGIVEN_AFTER_NANOS && credit >= 1;
        if (due) {
            times.triedAtNanos = now;
            credit--;
        }
        return due;
    }

    private long[] expected(List<Site> candidates) {
        long now = tasks.elapsedNanos();
        long[] expected = new long[candidates.size()];
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < expected.length; i++) {
            Times times = sites.get(candidates.get(i).name());
            expected[i] = times == null || !times.known() ? -1 : times.expectedNanos(now);
            fastest = expected[i] < 0 ? fastest : Math.min(fastest, expected[i]);
        }
        for (int i = 0; i < expected.length; i++) {
            expected[i] = expected[i] < 0 ? (fastest == Long.MAX_VALUE ? 0 : fastest) : expected[i];
        }
        return expected;
    }
}
