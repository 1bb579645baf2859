package io.slicekeep.testkit.simulator;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a failing run smaller: leaves out half of its pieces, a quarter, and so on, kind by kind, and keeps what still breaks the
 * same promise. One object per run, confined to one thread.
 */
final class Shrinker {
    private static final int MAX_RUNS = 400;

    private final Simulator simulator;
    private final Violation.Promise promise;
    private final Set<Piece> leftOut = new HashSet<>();
    private Report smallest;
    private int runs;

    Shrinker(Simulator simulator, Report failed) {
        this.simulator = simulator;
        this.smallest = failed;
        this.promise = failed.violation()
                .orElseThrow(
                        () -> new IllegalArgumentException("a run that fails must be shrunk: seed=" + failed.seed()))
                .promise();
    }

    Report shrink() {
        for (Piece.Kind kind : Piece.Kind.values()) {
            int size = pieces(kind).size();
            for (int chunk = size; chunk >= 1 && runs < MAX_RUNS; chunk /= 2) {
                shrink(kind, chunk);
            }
        }
        return simulator.run(smallest.seed(), leftOut, true);
    }

    /** Tries to do without each chunk of pieces, from the last one. */
    private void shrink(Piece.Kind kind, int chunk) {
        List<Piece> pieces = pieces(kind);
        for (int end = pieces.size(); end > 0 && runs < MAX_RUNS; end -= chunk) {
            doWithout(pieces.subList(Math.max(0, end - chunk), end));
        }
    }

    private void doWithout(List<Piece> chunk) {
        Set<Piece> more = new HashSet<>(leftOut);
        if (!more.addAll(chunk)) {
            return;
        }
        runs++;
        Report report = simulator.run(smallest.seed(), more, false);
        if (report.violation()
                .filter(violation -> violation.promise() == promise)
                .isPresent()) {
            smallest = report;
            leftOut.addAll(chunk);
        }
    }

    private List<Piece> pieces(Piece.Kind kind) {
        return smallest.pieces().stream().filter(piece -> piece.kind() == kind).toList();
    }
}
