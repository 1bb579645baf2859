package io.slicekeep.erasure.slice;

/**
 * How long calls took of late: counts in buckets that grow by a quarter each, from 10 us to beyond an hour, so a quantile is
 * right to within a quarter. What is old fades: all counts are halved when there are many. Confined to one thread at a time.
 */
final class LatencyHistogram {
    private static final double LEAST_NANOS = 10_000;
    private static final double GROWTH = 1.25;
    private static final int BUCKETS = 128;
    private static final int HALVED_AT = 2000;

    private final int[] counts = new int[BUCKETS];
    private int total;

    void add(long nanos) {
        counts[bucket(nanos)]++;
        total++;
        if (total == HALVED_AT) {
            halve();
        }
    }

    /** Returns how many calls count at present. */
    int total() {
        return total;
    }

    /**
     * Returns the time that a share of the calls did not exceed, rounded up to the end of its bucket.
     *
     * @param share above 0, at most 1
     */
    long quantileNanos(double share) {
        long rank = (long) Math.ceil(share * total);
        int bucket = 0;
        for (long below = counts[0]; below < rank; below += counts[bucket]) {
            bucket++;
        }
        return (long) (LEAST_NANOS * Math.pow(GROWTH, bucket));
    }

    private static int bucket(long nanos) {
        double steps = Math.ceil(Math.log(Math.max(1, nanos) / LEAST_NANOS) / Math.log(GROWTH));
        return (int) Math.max(0, Math.min(BUCKETS - 1, steps));
    }

    private void halve() {
        total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] /= 2;
            total += counts[i];
        }
    }
}
