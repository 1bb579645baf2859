package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How long reads from every {@link Dispersal} take when sites are slow, in simulated time, and what that costs. Figures are
 * logged.
 */
public abstract class DispersalPaceContract extends DispersalFixture {
    private static final System.Logger LOG = System.getLogger(DispersalPaceContract.class.getName());

    private static final int READS = 2000;
    private static final int BLOB_BYTES = 1 << 18;
    /** Open, header, footer, cell. */
    private static final int CALLS_PER_SLICE = 4;

    private static final Duration USUAL = Duration.ofMillis(10);
    private static final Duration SLOW = USUAL.multipliedBy(100);
    private static final Patience WITHOUT_HEDGING =
            new Patience(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** Creates the contract. */
    protected DispersalPaceContract() {}

    /** How slow each call at a site is. */
    @FunctionalInterface
    private interface Slowness {
        Duration of(int site, Random random);
    }

    /** Whether readers learn from one another. */
    private enum Memory {
        NONE,
        SHARED
    }

    @Test
    void siteThatIsAHundredTimesSlowerIsPassedOver() {
        Slowness oneSlow = (site, random) -> site == 0 ? SLOW : USUAL;
        Figures before = figures(WITHOUT_HEDGING, Memory.NONE, oneSlow);
        Figures after = figures(Patience.DEFAULT, Memory.SHARED, oneSlow);
        LOG.log(System.Logger.Level.INFO, "one site of six 100x slower: " + before + " without, " + after + " with");
        assertThat(before.p99Millis).isGreaterThan(3000);
        assertThat(after.p99Millis).isLessThan(60);
        assertThat(after.extraReads).isLessThan(0.05);
    }

    @Test
    void callsThatAreAHundredTimesSlowerAreHedged() {
        Slowness someSlow = (site, random) -> random.nextInt(200) == 0 ? SLOW : USUAL;
        Figures before = figures(WITHOUT_HEDGING, Memory.NONE, someSlow);
        Figures after = figures(Patience.DEFAULT, Memory.SHARED, someSlow);
        LOG.log(System.Logger.Level.INFO, "one call of 200 100x slower: " + before + " without, " + after + " with");
        assertThat(before.p99Millis).isGreaterThan(1000);
        assertThat(after.p99Millis).isLessThan(200);
        assertThat(after.extraReads).isLessThan(0.06);
    }

    @Test
    void allSitesBecomingSlowerAreNotAskedForMuchMore() {
        Figures figures =
                figures(Patience.DEFAULT, Memory.SHARED, (site, random) -> USUAL.multipliedBy(1 + random.nextInt(100)));
        LOG.log(System.Logger.Level.INFO, "all sites 1x to 100x slower: " + figures);
        assertThat(figures.extraReads).isLessThan(0.12);
    }

    @Test
    void slowSiteThatRecoversIsUsedAgain() {
        SimulatedTasks.forEachSeed(5, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            Spread spread = fleet.write(dispersal, bytes(BLOB_BYTES, 1));
            hook(tasks, fleet, (site, random) -> site == 2 ? SLOW : USUAL);
            read(dispersal, spread, 20);
            long asked = fleet.store(2).count(Call.OPEN);
            read(dispersal, spread, 20);
            assertThat(fleet.store(2).count(Call.OPEN) - asked).isLessThan(2);
            hook(tasks, fleet, (site, random) -> USUAL);
            tasks.pause(Duration.ofSeconds(11));
            read(dispersal, spread, 200);
            assertThat(fleet.store(2).count(Call.OPEN) - asked).isGreaterThan(20);
            tasks.settle();
        });
    }

    /**
     * What reads took and cost.
     *
     * @param p50Millis as long took half of them, at most
     * @param p99Millis as long took 99 of a hundred, at most
     * @param extraReads store calls beyond those at k sites, as a share of these
     */
    private record Figures(long p50Millis, long p99Millis, double extraReads) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "p50 %d ms, p99 %d ms, %.1f %% extra", p50Millis, p99Millis, 100 * extraReads);
        }
    }

    private Figures figures(Patience patience, Memory memory, Slowness slowness) {
        long[] nanos = new long[READS];
        long[] calls = new long[1];
        SimulatedTasks.forEachSeed(1, tasks -> {
            Fleet fleet = simulated(tasks);
            Dispersal shared = dispersal(tasks, patience);
            Spread spread = fleet.write(shared, bytes(BLOB_BYTES, 1));
            hook(tasks, fleet, slowness);
            for (int i = 0; i < READS; i++) {
                Dispersal dispersal = memory == Memory.SHARED ? shared : dispersal(tasks, patience);
                long start = tasks.elapsedNanos();
                try (BlobSource source = dispersal.open(spread, BLOB_BYTES)) {
                    source.readFullyAt(0, ByteBuffer.allocate(BLOB_BYTES));
                }
                nanos[i] = tasks.elapsedNanos() - start;
            }
            tasks.settle();
            for (int site = 0; site < SIX.sites(); site++) {
                calls[0] +=
                        fleet.store(site).count(Call.OPEN) + fleet.store(site).count(Call.READ);
            }
        });
        Arrays.sort(nanos);
        double needed = (double) READS * SIX.dataSlices() * CALLS_PER_SLICE;
        return new Figures(nanos[READS / 2] / 1_000_000, nanos[READS * 99 / 100] / 1_000_000, calls[0] / needed - 1);
    }

    private Fleet simulated(SimulatedTasks tasks) {
        int[] number = new int[1];
        return fleet(SIX, store -> tasks.store(Fleet.name(number[0]++), store));
    }

    private static void hook(SimulatedTasks tasks, Fleet fleet, Slowness slowness) {
        Random random = new Random(3);
        for (int i = 0; i < SIX.sites(); i++) {
            int site = i;
            Hook slow = call -> tasks.pause(slowness.of(site, random));
            fleet.store(site).before(slow);
        }
    }

    private static void read(Dispersal dispersal, Spread spread, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (BlobSource source = dispersal.open(spread, BLOB_BYTES)) {
                source.readFullyAt(0, ByteBuffer.allocate(BLOB_BYTES));
            }
        }
    }
}
