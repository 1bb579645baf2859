package io.slicekeep.testkit.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** Somebody who has something to do, in one process, and when that stops in another one. Confined to one thread at a time. */
final class Actor {
    private static final int MOST_CALLS_BEFORE_STOP = 600;
    private static final int SHORTEST_REST_NANOS = 5_000_000;

    private final Run run;
    private final int number;
    private final Role role;

    Actor(Run run, int number, Role role) {
        this.run = run;
        this.number = number;
        this.role = role;
    }

    /** Begins a process that goes on with an operation. */
    void begin(int operation) {
        run.spawn(() -> {
            SplittableRandom draws = run.draws(Piece.Kind.ACTOR, number, operation);
            SimulatedProcess process = run.newProcess(new Clock(role.clocks(), draws));
            int[] next = {operation};
            if (draws.nextInt(3) == 0) {
                process.stopAtCall(draws.nextInt(MOST_CALLS_BEFORE_STOP), () -> begin(next[0]));
            }
            try (Opened opened = run.open(process)) {
                while (next[0] < role.operations()) {
                    perform(next[0]++, process, opened);
                }
            }
            run.ended();
        });
    }

    private void perform(int operation, SimulatedProcess process, Opened opened) throws IOException {
        SplittableRandom draws = run.draws(Piece.Kind.OPERATION, number, operation);
        boolean rests = draws.nextInt(3) == 0;
        long longestNanos = rests ? role.longestRest().toNanos() : SHORTEST_REST_NANOS;
        run.tasks().pause(Duration.ofNanos(draws.nextLong(longestNanos)));
        process.enter();
        if (run.keeps(new Piece(Piece.Kind.OPERATION, number, operation))) {
            try {
                role.perform(operation, opened, draws);
            } catch (IOException e) {
                run.note(2, () -> "actor " + number + ": " + e);
            }
        }
        process.enter();
    }
}
