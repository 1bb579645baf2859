package io.slicekeep.erasure.galois;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
    private final AtomicInteger made = new AtomicInteger();
    private final GfMatrix one = GfMatrix.cauchyGenerator(1, 0);

    @Test
    void planIsMadeOncePerPattern() {
        PlanCache cache = cache(2048);
        CellProduct plan = cache.plan(bit(0), bit(1));
        assertThat(cache.plan(bit(0), bit(1))).isSameAs(plan);
        assertThat(cache.plan(bit(1), bit(0))).isNotSameAs(plan);
        assertThat(made).hasValue(2);
    }

    @Test
    void cacheForgetsThePlanUsedLongestAgo() {
        PlanCache cache = cache(2 << 20);
        assertThat(cache.maxPlans()).isEqualTo(2);
        CellProduct kept = cache.plan(bit(0), bit(1));
        cache.plan(bit(0), bit(2));
        cache.plan(bit(0), bit(1));
        cache.plan(bit(0), bit(3));
        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.plan(bit(0), bit(1))).isSameAs(kept);
        cache.plan(bit(0), bit(2));
        assertThat(made).hasValue(4);
    }

    @Test
    void cacheOfHugePlansKeepsOne() {
        PlanCache cache = cache(Long.MAX_VALUE);
        cache.plan(bit(0), bit(1));
        cache.plan(bit(0), bit(2));
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void cacheOfTinyPlansIsBoundedToo() {
        assertThat(cache(0).maxPlans()).isEqualTo(256);
    }

    private PlanCache cache(long planBytes) {
        return new PlanCache(planBytes, (sources, targets) -> {
            made.incrementAndGet();
            return new CellProduct(one, new int[] {0}, new int[] {0});
        });
    }

    private static BitSet bit(int index) {
        BitSet bits = new BitSet();
        bits.set(index);
        return bits;
    }
}
