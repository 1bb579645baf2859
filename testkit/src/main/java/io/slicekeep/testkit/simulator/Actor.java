package io.slicekeep.testkit.simulator;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** Somebody who has something to do, in one process, and when that stops in another one. Confined to one thread at a time. */
final class Actor {
    private static final int MOST_CALLS_BEFORE_STOP = 600;
    private static final int SHORTEST_REST_NANOS = 5_000_000;
    private static final int MOST_ATTEMPTS = 20;
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(3);

    private final Run run;
    private final int number;
    private final Role role;
    private int lives;

    Actor(Run run, int number, Role role) {
        this.run = run;
        this.number = number;
        this.role = role;
    }

    /** Begins a process that goes on with an operation. */
    void begin(int operation) {
        run.spawn(() -> {
            SplittableRandom draws = run.draws(Piece.Kind.ACTOR, number, lives++);
            SimulatedProcess process = run.newProcess(new Clock(role.clocks(), draws), role.hasKeys());
            int[] next = {operation};
            if (draws.nextInt(3) == 0) {
                process.stopAtCall(draws.nextInt(MOST_CALLS_BEFORE_STOP), () -> begin(next[0]));
            }
            try (Opened opened = open(process)) {
                while (next[0] < role.operations()) {
                    perform(next[0]++, process, opened);
                }
            } finally {
                run.ended();
            }
        });
    }

    /** Comes again while too few sites are there; gives it up if that lasts, for a liar may hide who he is for ever. */
    private Opened open(SimulatedProcess process) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return run.keep().open(process);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                run.note(3, () -> "actor " + number + " cannot open: " + e);
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                run.tasks().pause(BEFORE_NEXT_TRY);
                process.enter();
            }
        }
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
