package io.slicekeep.simulate;

import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.testkit.simulator.Campaign;
import io.slicekeep.testkit.simulator.Simulator;
import java.util.function.LongBinaryOperator;

/** Looks for the first seed that breaks a promise. Made by name in a class loader of its own, hence a type of the JDK. */
public final class PlantedSearch implements LongBinaryOperator {
    private final NamespaceMode mode;
    private String broken = "";

    /** Creates a search in namespaces of a mode. */
    public PlantedSearch(String mode) {
        this.mode = NamespaceMode.valueOf(mode);
    }

    /** Takes the first seed and how many follow. Returns the first one that fails, or -1. */
    @Override
    public long applyAsLong(long firstSeed, long seeds) {
        Simulator simulator = new Simulator(SlicedDispersal::new, mode);
        Campaign campaign = new Campaign(simulator, Runtime.getRuntime().availableProcessors(), 1);
        try {
            Campaign.Result result = campaign.run(firstSeed, seeds, tally -> {});
            if (result.failures().isEmpty()) {
                return -1;
            }
            broken =
                    result.failures().get(0).violation().orElseThrow().promise().toString();
            return result.failures().get(0).seed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** Returns the promise that was broken. */
    @Override
    public String toString() {
        return broken;
    }
}
