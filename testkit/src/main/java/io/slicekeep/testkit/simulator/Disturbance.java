package io.slicekeep.testkit.simulator;

import io.slicekeep.testkit.simulator.Violation.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What happens to sites, clocks and machines, apart from what happens to single requests. Confined to one thread at a time. */
final class Disturbance {
    /** Of a key, how many characters tell the counter and the writer (docs/FORMAT.md 7). */
    private static final int VERSION_CHARACTERS = 27;

    private static final Lie[] LIES = Lie.values();
    private static final long LONGEST_AWAY_NANOS = 15_000_000_000L;
    private static final long LARGEST_JUMP_MICROS = 3_600_000_000L;

    private final Run run;
    private final FaultBudget budget;

    Disturbance(Run run, FaultBudget budget) {
        this.run = run;
        this.budget = budget;
    }

    /** Does one event after the other. */
    void run(int events) throws IOException {
        for (int i = 0; i < events && !run.isOver(); i++) {
            SplittableRandom draws = run.draws(Piece.Kind.EVENT, 0, i);
            run.tasks().pause(Duration.ofNanos(draws.nextLong(2_000_000_000L)));
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
            process.setClock(draws.nextLong(-LARGEST_JUMP_MICROS, LARGEST_JUMP_MICROS));
            happened(FaultKind.CLOCK_JUMP, process);
        }
    }

    /** Others count on a request not being sent much later than it was allowed. */
    private void suspend(SplittableRandom draws) {
        SimulatedProcess process = anyProcess(draws);
        if (process != null) {
            process.suspend(soon(draws, Run.TIMING.deadline().toNanos() / 2));
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

    /** Requires that nothing is left of what was shredded, at sites that never lied and are not lost. */
    void requireNoGarbage() {
        for (SimulatedSite site : run.sites()) {
            if (!budget.liars().contains(site.index()) && !site.isLost()) {
                site.blobs().keySet().forEach(key -> requireNewest(key, site));
            }
        }
    }

    /** Slices that are newer than the tombstone are those of a put that ended before its record: the collector's. */
    private static void requireNewest(String key, SimulatedSite site) {
        int version = key.indexOf('!') + 1;
        String heads = key.substring(0, version).replace("/b/", "/h/");
        String newest = site.blobs().ceilingKey(heads);
        boolean record = key.contains("/h/");
        boolean garbage = newest != null
                && newest.startsWith(heads)
                && (record ? !sameVersion(newest, key, version) : isOlder(key, newest, version));
        if (garbage) {
            throw new Violation(Promise.NO_GARBAGE, site.name() + " still holds " + key + " beneath " + newest);
        }
    }

    private static boolean sameVersion(String one, String other, int version) {
        return one.regionMatches(version, other, version, VERSION_CHARACTERS);
    }

    /** Versions are written inversely: what sorts later is older. */
    private static boolean isOlder(String key, String newest, int version) {
        return key.substring(version, version + VERSION_CHARACTERS)
                        .compareTo(newest.substring(version, version + VERSION_CHARACTERS))
                > 0;
    }
}
