package io.slicekeep.simulate;

import io.slicekeep.testkit.simulator.Report;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.util.List;

/** How often which promise was broken, in the words of a log line. Immutable. */
record Broken(List<Report> failures) {
    Broken {
        failures = List.copyOf(failures);
    }

    private long count(Promise promise) {
        return failures.stream()
                .flatMap(report -> report.violation().stream())
                .filter(violation -> violation.promise() == promise)
                .count();
    }

    @Override
    public String toString() {
        long lost = count(Promise.NOT_LOST);
        long wrong = count(Promise.NOT_WRONG);
        long resurrected = count(Promise.NOT_RESURRECTED);
        long backward = count(Promise.NOT_BACKWARD);
        long others = failures.size() - lost - wrong - resurrected - backward;
        return lost + " lost, " + wrong + " wrong, " + resurrected + " resurrected, " + backward + " backward, "
                + others + " otherwise broken";
    }
}
