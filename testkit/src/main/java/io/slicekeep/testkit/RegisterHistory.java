package io.slicekeep.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What happened to one register - one name - and whether it is linearizable: whether all operations could have happened one
 * after the other, each at a moment between its beginning and its end, each read returning what the last write before it
 * wrote, and each change having seen it. Values are numbers, each written once at most, but for 0, which is "nothing" and what a deletion writes.
 *
 * <p>A write whose outcome is not known may have happened at any moment after its beginning, or never. A write that failed
 * for certain must never be read. Confined to one thread at a time.
 */
public final class RegisterHistory {
    /** What a read of nothing, and a deletion, stand for. */
    public static final long NOTHING = 0;

    private static final long OPEN = Long.MAX_VALUE;
    private static final long ANYTHING = -1;

    /** Searching costs at worst time exponential in what overlaps; histories that take more are taken for linearizable. */
    private static final int MAX_STATES = 200_000;

    private final List<Operation> operations = new ArrayList<>();
    private final Set<Long> failed = new HashSet<>();

    /** Creates an empty history. */
    public RegisterHistory() {}

    /** It saw a value, or anything, and left one. */
    private record Operation(long seen, long value, long start, long end) {
        @Override
        public String toString() {
            String what = seen == value ? "read " : seen == ANYTHING ? "write " : "change of " + seen + " to ";
            return what + value + " from " + start + " to " + (end == OPEN ? "?" : end);
        }
    }

    /** What each search state is: which operations are done, and the value that stands. */
    private record State(long done, long value) {}

    /**
     * Adds a read that returned.
     *
     * @param value what it returned
     * @param start when it began
     * @param end when it returned
     */
    public void read(long value, long start, long end) {
        operations.add(new Operation(value, value, start, end));
    }

    /**
     * Adds a write that was acknowledged.
     *
     * @param value what it wrote
     * @param start when it began
     * @param end when it was acknowledged
     */
    public void wrote(long value, long start, long end) {
        operations.add(new Operation(ANYTHING, value, start, end));
    }

    /**
     * Adds a change that was acknowledged: in one step it saw a value and wrote another.
     *
     * @param seen what it was made of
     * @param value what it wrote
     * @param start when it began
     * @param end when it was acknowledged
     */
    public void changed(long seen, long value, long start, long end) {
        operations.add(new Operation(seen, value, start, end));
    }

    /**
     * Adds a write of which it is not known whether it took effect.
     *
     * @param value what it wrote
     * @param start when it began
     */
    public void mayHaveWritten(long value, long start) {
        operations.add(new Operation(ANYTHING, value, start, OPEN));
    }

    /**
     * Adds a change of which it is not known whether it took effect.
     *
     * @param seen what it would have been made of
     * @param value what it wrote
     * @param start when it began
     */
    public void mayHaveChanged(long seen, long value, long start) {
        operations.add(new Operation(seen, value, start, OPEN));
    }

    /**
     * Adds a write that is known not to have taken effect.
     *
     * @param value what it would have written
     */
    public void didNotWrite(long value) {
        if (value != NOTHING) {
            failed.add(value);
        }
    }

    /**
     * Tells whether the history is linearizable.
     *
     * @return false if no order explains what was read
     */
    public boolean isLinearizable() {
        if (operations.stream().anyMatch(operation -> failed.contains(operation.seen()))) {
            return false;
        }
        List<Operation> relevant = relevant();
        if (relevant.size() >= Long.SIZE) {
            throw new IllegalStateException("too many operations to check: " + relevant.size());
        }
        return search(relevant, new State(0, NOTHING), new HashSet<>());
    }

    /** Open writes whose value nobody saw need not have happened. */
    private List<Operation> relevant() {
        Set<Long> seen = operations.stream().map(Operation::seen).collect(Collectors.toSet());
        return operations.stream()
                .filter(operation -> operation.end() != OPEN || seen.contains(operation.value()))
                .toList();
    }

    private static boolean search(List<Operation> operations, State state, Set<State> seen) {
        long firstEnd = OPEN;
        for (int i = 0; i < operations.size(); i++) {
            if ((state.done() >> i & 1) == 0) {
                firstEnd = Math.min(firstEnd, operations.get(i).end());
            }
        }
        if (firstEnd == OPEN || seen.size() > MAX_STATES) {
            return true;
        }
        if (!seen.add(state)) {
            return false;
        }
        for (int i = 0; i < operations.size(); i++) {
            Operation next = operations.get(i);
            boolean able = (state.done() >> i & 1) == 0 && next.start() <= firstEnd;
            if (able && (next.seen() == ANYTHING || next.seen() == state.value())) {
                State after = new State(state.done() | 1L << i, next.value());
                if (search(operations, after, seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns one line per operation, in the order of their beginnings. */
    @Override
    public String toString() {
        return operations.stream()
                .sorted((a, b) -> Long.compare(a.start(), b.start()))
                .map(Operation::toString)
                .collect(Collectors.joining("\n"));
    }
}
