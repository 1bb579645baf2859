package io.slicekeep.testkit.simulator;

import io.slicekeep.testkit.RegisterHistory;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was done to one register, and what whoever asks it may be told. Every answer is checked at once. Confined to one thread at
 * a time.
 */
final class RegisterModel {
    private final String id;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final Map<Long, Long> valueAtVersion = new HashMap<>();

    RegisterModel(String id) {
        this.id = id;
    }

    private enum Outcome {
        OPEN,
        MADE,
        FAILED
    }

    /** A change: open until it is acknowledged, and for ever if that never happens. */
    static final class Attempt {
        private final long value;
        private final long startNanos;
        private Outcome outcome = Outcome.OPEN;
        private long seen;
        private long endNanos;

        private Attempt(long value, long startNanos) {
            this.value = value;
            this.startNanos = startNanos;
        }
    }

    private record Read(long value, long startNanos, long endNanos) {}

    Attempt begin(long value, long nowNanos) {
        Attempt attempt = new Attempt(value, nowNanos);
        attempts.add(attempt);
        return attempt;
    }

    /** It took effect, on what it saw. */
    void made(Attempt attempt, long seen, long nowNanos) {
        attempt.outcome = Outcome.MADE;
        attempt.seen = seen;
        attempt.endNanos = nowNanos;
        check();
    }

    /** It left the register as it was. */
    void declined(Attempt attempt, long seen, long nowNanos) {
        failed(attempt);
        read(seen, attempt.startNanos, nowNanos);
    }

    /** It has failed for certain: it must never be seen. */
    void failed(Attempt attempt) {
        attempt.outcome = Outcome.FAILED;
    }

    void read(long value, long startNanos, long endNanos) {
        reads.add(new Read(value, startNanos, endNanos));
        check();
    }

    /** Notes what a version holds: the same for everybody. */
    void version(long version, long value) {
        Long other = valueAtVersion.putIfAbsent(version, value);
        if (other != null && other != value) {
            throw new Violation(
                    Promise.NOT_FORKED,
                    "version " + version + " of " + id + " is " + other + " and " + value + ":\n" + history());
        }
    }

    int operationCount() {
        return attempts.size() + reads.size();
    }

    private void check() {
        RegisterHistory history = history();
        if (!history.isLinearizable()) {
            throw new Violation(Promise.NOT_FORKED, "what " + id + " held has no order:\n" + history);
        }
    }

    private RegisterHistory history() {
        RegisterHistory history = new RegisterHistory();
        for (Attempt attempt : attempts) {
            switch (attempt.outcome) {
                case OPEN -> history.mayHaveWritten(attempt.value, attempt.startNanos);
                case MADE -> history.changed(attempt.seen, attempt.value, attempt.startNanos, attempt.endNanos);
                case FAILED -> history.didNotWrite(attempt.value);
            }
        }
        reads.forEach(read -> history.read(read.value(), read.startNanos(), read.endNanos()));
        return history;
    }
}
