package io.slicekeep.testkit.simulator;

import io.slicekeep.testkit.RegisterHistory;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was done to one name, and what a reader of it may be told. Every completed read is checked at once, against all that has
 * happened so far. Confined to one thread at a time.
 */
final class NameModel {
    private static final long OPEN = Long.MAX_VALUE;

    /** Taking the place of whatever is there. */
    static final long ANYTHING = -1;

    private final String name;
    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final Set<Long> failed = new HashSet<>();

    NameModel(String name) {
        this.name = name;
    }

    /** A write: open until it is acknowledged, and for ever if that never happens. */
    static final class Write {
        private final long seen;
        private final long value;
        private final long startNanos;
        private long endNanos = OPEN;

        private Write(long seen, long value, long startNanos) {
            this.seen = seen;
            this.value = value;
            this.startNanos = startNanos;
        }

        long value() {
            return value;
        }

        private boolean isDeletion() {
            return value == RegisterHistory.NOTHING;
        }

        @Override
        public String toString() {
            return (isDeletion() ? "delete" : "write " + value) + (seen == ANYTHING ? "" : " if " + seen + " is there")
                    + " from " + millis(startNanos) + " to "
                    + (endNanos == OPEN ? "?" : millis(endNanos));
        }
    }

    private record Read(long value, long startNanos, long endNanos) {
        @Override
        public String toString() {
            return "read " + value + " from " + millis(startNanos) + " to " + millis(endNanos);
        }
    }

    /** Begins a write; value 0 is a deletion. */
    Write begin(long value, long nowNanos) {
        return begin(ANYTHING, value, nowNanos);
    }

    /** Begins a write that takes effect only where it finds a value; 0 is nothing. */
    Write begin(long seen, long value, long nowNanos) {
        Write write = new Write(seen, value, nowNanos);
        writes.add(write);
        return write;
    }

    void acknowledge(Write write, long nowNanos) {
        write.endNanos = nowNanos;
    }

    /** It has failed for certain: it must never be seen. */
    void fail(Write write) {
        writes.remove(write);
        if (!write.isDeletion()) {
            failed.add(write.value);
        }
    }

    /** Adds a read, and checks that it can be explained. */
    void read(long value, long startNanos, long endNanos) {
        requireWritten(value, startNanos, endNanos);
        reads.add(new Read(value, startNanos, endNanos));
        if (!history().isLinearizable()) {
            throw new Violation(broken(value, startNanos), "what was read of " + name + " has no order:\n" + this);
        }
    }

    /** Checks what a reader was told who does not insist on the newest. */
    void readStale(long value, long nowNanos) {
        requireWritten(value, nowNanos, nowNanos);
    }

    /** Checks whether a listing shows the name rightly, as far as that is certain: nobody was just writing it. */
    void listed(boolean shown, long startNanos, long endNanos) {
        boolean uncertain =
                writes.stream().anyMatch(write -> write.startNanos <= endNanos && write.endNanos >= startNanos);
        if (uncertain) {
            return;
        }
        List<Write> last = last(startNanos);
        if (!shown && !last.isEmpty() && last.stream().noneMatch(Write::isDeletion)) {
            throw new Violation(
                    Promise.NOT_LOST,
                    "a listing from " + millis(startNanos) + " to " + millis(endNanos) + " lacks " + name + ":\n"
                            + this);
        }
        if (shown && last.stream().allMatch(Write::isDeletion)) {
            throw new Violation(
                    Promise.NOT_RESURRECTED,
                    "a listing from " + millis(startNanos) + " to " + millis(endNanos) + " shows " + name + ":\n"
                            + this);
        }
    }

    int operationCount() {
        return writes.size() + reads.size();
    }

    private void requireWritten(long value, long startNanos, long endNanos) {
        boolean written = value == RegisterHistory.NOTHING
                || writes.stream().anyMatch(write -> write.value == value && write.startNanos <= endNanos);
        if (!written || failed.contains(value)) {
            throw new Violation(
                    Promise.NOT_WRONG,
                    "value " + value + ", read of " + name + " from "
                            + millis(startNanos) + ", was "
                            + (failed.contains(value) ? "never to appear" : "not written")
                            + ":\n" + this);
        }
    }

    private RegisterHistory history() {
        RegisterHistory history = new RegisterHistory();
        for (Write write : writes) {
            add(history, write);
        }
        reads.forEach(read -> history.read(read.value(), read.startNanos(), read.endNanos()));
        return history;
    }

    private static void add(RegisterHistory history, Write write) {
        boolean open = write.endNanos == OPEN;
        if (write.seen == ANYTHING) {
            if (open) {
                history.mayHaveWritten(write.value, write.startNanos);
            } else {
                history.wrote(write.value, write.startNanos, write.endNanos);
            }
        } else if (open) {
            history.mayHaveChanged(write.seen, write.value, write.startNanos);
        } else {
            history.changed(write.seen, write.value, write.startNanos, write.endNanos);
        }
    }

    /** Says what a read that has no place in any order means to a user. */
    private Promise broken(long value, long startNanos) {
        if (value == RegisterHistory.NOTHING) {
            return Promise.NOT_LOST;
        }
        List<Write> last = last(startNanos);
        if (!last.isEmpty() && last.stream().allMatch(Write::isDeletion)) {
            return Promise.NOT_RESURRECTED;
        }
        boolean readBefore = reads.stream().anyMatch(read -> read.endNanos() < startNanos && read.value() != value);
        return readBefore ? Promise.NOT_BACKWARD : Promise.NOT_LOST;
    }

    /** Returns the acknowledged writes one of which stands: those that no other one follows. */
    private List<Write> last(long beforeNanos) {
        List<Write> before =
                writes.stream().filter(write -> write.endNanos < beforeNanos).toList();
        return before.stream()
                .filter(write -> before.stream().noneMatch(other -> other.startNanos > write.endNanos))
                .toList();
    }

    private static String millis(long nanos) {
        return nanos / 1e6 + " ms";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        List<Object> all = new ArrayList<>(writes);
        all.addAll(reads);
        all.forEach(operation -> text.append(operation).append('\n'));
        return text.toString();
    }
}
