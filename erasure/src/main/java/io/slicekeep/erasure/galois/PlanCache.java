package io.slicekeep.erasure.galois;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Remembers the products of the patterns of losses used last, in bounded memory. Thread-safe. */
final class PlanCache {
    private static final long MAX_CACHE_BYTES = 4 << 20;
    private static final int MAX_PLANS = 256;

    private final int maxPlans;
    private final BiFunction<BitSet, BitSet, CellProduct> maker;
    private final Map<Pattern, CellProduct> plans = new LinkedHashMap<>(16, 0.75f, true);

    /** The bytes are the most that one plan takes; the maker is given sources and targets. */
    PlanCache(long planBytes, BiFunction<BitSet, BitSet, CellProduct> maker) {
        this.maxPlans = (int) Math.max(1, Math.min(MAX_PLANS, MAX_CACHE_BYTES / Math.max(1, planBytes)));
        this.maker = maker;
    }

    /** Takes over both sets. */
    CellProduct plan(BitSet sources, BitSet targets) {
        Pattern pattern = new Pattern(sources, targets);
        CellProduct known = get(pattern);
        if (known != null) {
            return known;
        }
        CellProduct made = maker.apply(sources, targets);
        put(pattern, made);
        return made;
    }

    synchronized int size() {
        return plans.size();
    }

    int maxPlans() {
        return maxPlans;
    }

    private synchronized @Nullable CellProduct get(Pattern pattern) {
        return plans.get(pattern);
    }

    private synchronized void put(Pattern pattern, CellProduct plan) {
        plans.put(pattern, plan);
        if (plans.size() > maxPlans) {
            plans.remove(plans.keySet().iterator().next());
        }
    }

    private record Pattern(BitSet sources, BitSet targets) {}
}
