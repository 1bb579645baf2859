package io.slicekeep.testkit.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What happens to sites, clocks and machines, apart from what happens to single requests. Confined to one thread at a time. */
final class Disturbance {
    private static final Lie[] LIES = Lie.values();
    private static final long LONGEST_AWAY_NANOS = 15_000_000_000L;

    private static final long USUAL_PAUSE_NANOS = 2_000_000_000L;

    private final Run run;
    private final FaultBudget budget;
    private final long longestPauseNanos;

    Disturbance(Run run, FaultBudget budget, int slowness) {
        this.run = run;
        this.budget = budget;
        this.longestPauseNanos = USUAL_PAUSE_NANOS * slowness;
    }

    /** Does one event after the other. */
    void run(int events) throws IOException {
        for (int i = 0; i < events && !run.isOver(); i++) {
            SplittableRandom draws = run.draws(Piece.Kind.EVENT, 0, i);
            run.tasks().pause(Duration.ofNanos(draws.nextLong(longestPauseNanos)));
            if (run.keeps(new Piece(Piece.Kind.EVENT, 0, i))) {
                disturb(draws);
            }
        }
    }

    private void disturb(SplittableRandom draws) {
        switch (draws.nextInt(16)) {
            case 0, 1, 2 -> vanish(draws);
            case 3 -> fill(draws);
            case 4, 5, 6 -> rot(draws);
            case 7, 8, 9, 10 -> lie(draws);
            case 11 -> rollBack(draws);
            case 12 -> wipe(draws);
            case 13, 14 -> setClock(draws);
            default -> suspend(draws);
        }
    }

    private void vanish(SplittableRandom draws) {
        SimulatedSite site = any(draws);
        site.goAway(soon(draws, LONGEST_AWAY_NANOS));
        happened(FaultKind.VANISHED, site);
    }

    private void fill(SplittableRandom draws) {
        SimulatedSite site = any(draws);
        site.fill(soon(draws, LONGEST_AWAY_NANOS));
        happened(FaultKind.FULL, site);
    }

    private void rot(SplittableRandom draws) {
        SimulatedSite site = oneOf(budget.rotting(), draws);
        for (int blobs = 1 + draws.nextInt(4); site != null && blobs > 0; blobs--) {
            String key = site.rot(draws);
            if (key != null) {
                run.tally().fault(FaultKind.ROT);
                run.note(
                        key.hashCode(), () -> FaultKind.ROT + " at " + site.name() + " in " + Journal.abbreviated(key));
            }
        }
    }

    private void lie(SplittableRandom draws) {
        SimulatedSite site = oneOf(budget.liars(), draws);
        if (site != null) {
            Lie lie = LIES[draws.nextInt(LIES.length)];
            site.lie(lie, draws.nextInt());
            run.note(lie.name().hashCode(), () -> site.name() + " lies: " + lie);
        }
    }

    /** A backup is made, or restored. */
    private void rollBack(SplittableRandom draws) {
        SimulatedSite site = oneOf(budget.liars(), draws);
        if (site == null) {
            return;
        }
        if (draws.nextBoolean()) {
            site.backUp();
        } else {
            site.rollBack();
            happened(FaultKind.ROLLED_BACK, site);
        }
    }

    private void wipe(SplittableRandom draws) {
        SimulatedSite site = oneOf(budget.losable(), draws);
        if (site != null && !site.isLost()) {
            site.lose();
            happened(FaultKind.WIPED, site);
        }
    }

    private void setClock(SplittableRandom draws) {
        SimulatedProcess process = anyProcess(draws);
        if (process != null) {
            process.clock().set(draws);
            happened(FaultKind.CLOCK_JUMP, process);
        }
    }

    private void suspend(SplittableRandom draws) {
        SimulatedProcess process = anyProcess(draws);
        if (process != null) {
            process.suspend(draws);
            happened(FaultKind.SUSPENDED, process);
        }
    }

    private void happened(FaultKind kind, Object whom) {
        run.tally().fault(kind);
        String shown = whom instanceof SimulatedSite site ? site.name() : whom.toString();
        run.note(kind.name().hashCode(), () -> kind + ": " + shown);
    }

    private long soon(SplittableRandom draws, long longestNanos) {
        return run.nowNanos() + draws.nextLong(longestNanos >> draws.nextInt(8)) + 1;
    }

    private SimulatedSite any(SplittableRandom draws) {
        return run.sites().get(draws.nextInt(run.sites().size()));
    }

    private @Nullable SimulatedProcess anyProcess(SplittableRandom draws) {
        List<SimulatedProcess> alive =
                run.processes().stream().filter(process -> !process.isStopped()).toList();
        return alive.isEmpty() ? null : alive.get(draws.nextInt(alive.size()));
    }

    private @Nullable SimulatedSite oneOf(Set<Integer> indexes, SplittableRandom draws) {
        return indexes.isEmpty() ? null : run.sites().get(new ArrayList<>(indexes).get(draws.nextInt(indexes.size())));
    }
}
