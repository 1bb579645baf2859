package io.slicekeep.testkit.simulator;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What must hold when faults have ended: all that was acknowledged can be read; and, in some runs each, what was repaired is whole,
 * what was collected leaves no garbage, what was shredded leaves nothing. One object per run, confined to one thread.
 */
final class Settlement {
    /** Longer than any machine is suspended and any clock is ahead, and than anything that is under way then may take. */
    private static final Duration QUIET = Duration.ofHours(4);

    private static final Duration SHORT_QUIET = Duration.ofMinutes(5);
    private static final int WAYS = 3;

    private final Run run;
    private final Remains remains;
    private final SplittableRandom draws;

    Settlement(Run run, FaultBudget budget) {
        this.run = run;
        this.remains = new Remains(run, budget);
        this.draws = new SplittableRandom(run.seed());
    }

    void check() {
        try {
            run.calm();
            run.tasks().pause(QUIET);
            run.sites().forEach(SimulatedSite::recover);
            check(run.newProcess(Clock.right(), true));
        } catch (IOException e) {
            throw new Violation(Promise.READABLE, "faults have ended, and yet: " + e, e);
        }
    }

    private void check(SimulatedProcess process) throws IOException {
        try (Opened opened = run.keep().open(process)) {
            run.keep().settle(opened);
            read(opened);
            switch (draws.nextInt(WAYS)) {
                case 0 -> repair(opened.objects());
                case 1 -> {
                    collect(opened.objects());
                    read(opened);
                }
                default -> shred(opened.objects());
            }
            run.tasks().pause(SHORT_QUIET);
        }
        if (!run.hasFailed()) {
            requireAllClosed();
        }
    }

    /** Every name can be read, whatever became of the writes that nobody acknowledged. */
    private void read(Opened opened) throws IOException {
        Client client = new Client(run, Duration.ZERO);
        for (String name : run.model().everyName()) {
            client.read(opened.objects(), name, draws);
        }
        Changer changer = new Changer(run);
        for (String id : run.model().registers()) {
            changer.read(opened, id);
        }
    }

    private void repair(NamespaceObjects objects) throws IOException {
        for (String name : run.model().everyName()) {
            repair(objects, name);
        }
    }

    private void repair(NamespaceObjects objects, String name) throws IOException {
        ObjectName object = ObjectName.of(name);
        try {
            requireOnlyLost(name, objects.repair(object, Depth.DEEP).pending().keySet());
            RepairReport again = objects.repair(object, Depth.DEEP);
            requireOnlyLost(name, again.pending().keySet());
            requireOnlyLost(name, again.mended().keySet());
        } catch (ObjectNotFoundException e) {
            // Nothing is whole too.
        }
    }

    private void requireOnlyLost(String name, Set<String> sites) {
        Set<String> lost = run.keep().members().stream()
                .filter(SimulatedSite::isLost)
                .map(SimulatedSite::memberName)
                .collect(Collectors.toSet());
        if (!lost.containsAll(sites)) {
            throw new Violation(Promise.REDUNDANT, name + " was repaired and is bad at " + sites);
        }
    }

    /** Twice: the second pass meets what the first one's waiting made old. */
    private void collect(NamespaceObjects objects) throws IOException {
        repair(objects);
        for (int pass = 0; pass < 2; pass++) {
            GarbageReport report = objects.collectGarbage((duration, names) -> {});
            run.note(report.records() * 31 + report.purged(), report::toString);
        }
        remains.requireCollected();
    }

    private void shred(NamespaceObjects objects) throws IOException {
        for (String name : run.model().everyName()) {
            objects.shred(ObjectName.of(name));
        }
        run.tasks().pause(Run.TIMING.deadline());
        for (String name : run.model().everyName()) {
            ShredReport report = objects.shred(ObjectName.of(name));
            boolean pending = report.pending().keySet().stream()
                    .anyMatch(site -> run.keep().members().stream()
                            .anyMatch(one -> one.memberName().equals(site) && !one.isLost()));
            if (pending) {
                throw new Violation(Promise.NO_GARBAGE, name + " cannot be shredded: " + report.pending());
            }
        }
        remains.requireShredded();
    }

    /** Nothing that was opened is open, and no task goes on but the two of this settlement, and those of stopped processes. */
    private void requireAllClosed() {
        int sleepers = 0;
        for (SimulatedProcess process : run.processes()) {
            sleepers += process.sleepers();
            if (!process.isStopped() && process.leftOpen() != 0) {
                throw new Violation(Promise.ALL_CLOSED, process + " left " + process.leftOpen() + " open");
            }
        }
        if (run.tasks().taskCount() != 2 + sleepers) {
            throw new Violation(
                    Promise.ALL_CLOSED, run.tasks().taskCount() - 2 - sleepers + " tasks have come to no end");
        }
        run.tasks().defect().ifPresent(defect -> {
            throw new Violation(Promise.NO_DEFECT, defect.toString(), defect);
        });
    }
}
