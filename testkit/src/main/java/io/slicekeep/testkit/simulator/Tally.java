package io.slicekeep.testkit.simulator;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What happened in one run or in many. Confined to one thread at a time. */
public final class Tally {
    private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
    private long seeds;
    private long steps;
    private long acknowledged;
    private long reads;
    private long replacements;
    private long reshapes;

    /** Creates an empty one. */
    public Tally() {}

    void seed() {
        seeds++;
    }

    void step() {
        steps++;
    }

    void acknowledge() {
        acknowledged++;
    }

    void read() {
        reads++;
    }

    void reshape() {
        reshapes++;
    }

    void replacement() {
        replacements++;
    }

    void fault(FaultKind kind) {
        faults.merge(kind, 1L, Long::sum);
    }

    /**
     * Adds another one's counts.
     *
     * @param other what else happened
     */
    public void add(Tally other) {
        seeds += other.seeds;
        steps += other.steps;
        acknowledged += other.acknowledged;
        reads += other.reads;
        replacements += other.replacements;
        reshapes += other.reshapes;
        other.faults.forEach((kind, count) -> faults.merge(kind, count, Long::sum));
    }

    /**
     * Returns how many runs there were.
     *
     * @return at least 0
     */
    public long seeds() {
        return seeds;
    }

    /**
     * Returns how many calls of stores there were.
     *
     * @return at least 0
     */
    public long steps() {
        return steps;
    }

    /**
     * Returns how many writes were acknowledged.
     *
     * @return at least 0
     */
    public long acknowledged() {
        return acknowledged;
    }

    /**
     * Returns how many reads succeeded.
     *
     * @return at least 0
     */
    public long reads() {
        return reads;
    }

    /**
     * Returns how many times one site took another's place.
     *
     * @return at least 0
     */
    public long replacements() {
        return replacements;
    }

    /**
     * Returns how many faults were injected.
     *
     * @return of all kinds together
     */
    public long faults() {
        return faults.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns how many faults of a kind were injected.
     *
     * @param kind which
     * @return at least 0
     */
    public long faults(FaultKind kind) {
        return faults.getOrDefault(kind, 0L);
    }

    /** Returns one line. */
    @Override
    public String toString() {
        String byKind = Arrays.stream(FaultKind.values())
                .map(kind -> faults(kind) + " " + kind)
                .collect(Collectors.joining(", "));
        return seeds + " seeds, " + steps + " steps, " + faults() + " faults (" + byKind + "), " + acknowledged
                + " acknowledged writes, " + reads + " reads, " + replacements + " sites replaced, " + reshapes
                + " profiles changed";
    }
}
