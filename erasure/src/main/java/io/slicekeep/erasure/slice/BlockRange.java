package io.slicekeep.erasure.slice;

/**
 * Neighbouring blocks of a cell.
 *
 * @param first the first one
 * @param end the one after the last
 */
record BlockRange(int first, int end) {
    static final BlockRange NONE = new BlockRange(0, 0);

    BlockRange {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException("a range must not end before it begins: first=" + first + " end=" + end);
        }
    }

    int count() {
        return end - first;
    }

    boolean isEmpty() {
        return count() == 0;
    }

    /** Tells whether all blocks of another range are in this one. */
    boolean covers(BlockRange other) {
        return other.isEmpty() || (first <= other.first && other.end <= end);
    }

    /** Returns the smallest range that covers this one and another. */
    BlockRange hull(BlockRange other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        return new BlockRange(Math.min(first, other.first), Math.max(end, other.end));
    }
}
