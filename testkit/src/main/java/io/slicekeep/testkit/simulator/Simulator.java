package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.task.Tasks;
import java.util.Set;

/**
 * Runs the production code - objects over records over sliced blobs - in worlds that seeds decide: several processes with wrong
 * clocks put, get, delete, copy, shred and list, and stop at any moment; requests are lost, delayed, doubled and overtaken; sites
 * go away, fill up, rot, lie, come back with old data or none. What goes wrong stays within what the profile promises to
 * survive, so every {@link Violation} is a bug. A seed is the same run every time, on every JVM. Thread-safe: runs share
 * nothing.
 *
 * <pre>{@code
 * Simulator simulator = new Simulator(SlicedDispersal::new);
 * Report report = simulator.run(42);
 * if (report.violation().isPresent()) {
 *     simulator.shrink(report).journal().forEach(System.out::println);
 * }
 * }</pre>
 */
public final class Simulator {
    private final DispersalFactory dispersals;
    private final NamespaceMode mode;

    /**
     * Creates a simulator of namespaces in which the last writer wins.
     *
     * @param dispersals makes what slices large objects, for each process one
     */
    public Simulator(DispersalFactory dispersals) {
        this(dispersals, NamespaceMode.LWW);
    }

    /**
     * Creates a simulator.
     *
     * @param dispersals makes what slices large objects, for each process one
     * @param mode of the namespace that is used; where it is conditional, some writes are
     */
    public Simulator(DispersalFactory dispersals, NamespaceMode mode) {
        this.dispersals = dispersals;
        this.mode = mode;
    }

    /** Makes a dispersal that runs on the tasks of a simulated process. */
    @FunctionalInterface
    public interface DispersalFactory {
        /**
         * Makes one.
         *
         * @param tasks what it runs on
         * @param patience how long it waits
         * @return the dispersal
         */
        Dispersal create(Tasks tasks, Patience patience);
    }

    /**
     * Runs a seed.
     *
     * @param seed decides all that happens
     * @return what happened
     */
    public Report run(long seed) {
        return run(seed, Set.of(), false);
    }

    /**
     * Runs a seed and writes down what happens.
     *
     * @param seed decides all that happens
     * @return what happened, with its journal
     */
    public Report explain(long seed) {
        return run(seed, Set.of(), true);
    }

    /**
     * Finds a smaller run that breaks the same promise, by leaving out actors, operations, events and faults while it does.
     *
     * @param failed a report with a violation
     * @return the smaller run, with its journal
     */
    public Report shrink(Report failed) {
        return new Shrinker(this, failed).shrink();
    }

    Report run(long seed, Set<Piece> leftOut, boolean wordy) {
        return new Run(seed, dispersals, mode, leftOut, wordy).report();
    }
}
