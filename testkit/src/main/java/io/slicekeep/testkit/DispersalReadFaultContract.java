package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link Dispersal} makes of sites that are away, die, hang or are slow while it reads, and of readers that give up. */
public abstract class DispersalReadFaultContract extends DispersalFaultFixture {
    /** Creates the contract. */
    protected DispersalReadFaultContract() {}

    @Test
    void sitesDyingWhileAReaderReadsAreReplaced() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(3_300_000, 5);
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, blob);
            int[] dying = random.ints(0, 6).distinct().limit(2).toArray();
            Arrays.stream(dying).forEach(i -> fleet.store(i).before(diesAfter(random.nextInt(30))));
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                DispersalContract.requireRandomReads(source, blob, random, 60);
            }
        }
    }

    @Test
    void siteThatComesBackServesAgain() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 6);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 4);
        fleet.delete(spread, 5);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            fleet.store(0).before(Hook.AWAY);
            assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(100)))
                    .hasMessageContaining("a: away");
            fleet.store(0).before(Hook.NONE);
            source.readFullyAt(0, ByteBuffer.allocate(100));
            DispersalContract.requireRandomReads(source, blob, new Random(7), 30);
        }
    }

    @Test
    void slowSitesAreHedgedAndTheirLateAnswersHarmNothing() {
        simulate(40, (tasks, fleet, dispersal) -> {
            byte[] blob = bytes(BLOB_BYTES, 13);
            Spread spread = fleet.write(dispersal, blob);
            Random random = new Random(tasks.elapsedNanos());
            Hook slow = call -> tasks.pause(Duration.ofMillis(random.nextInt(5000)));
            fleet.store(0).before(slow);
            fleet.store(3).before(slow);
            long start = tasks.elapsedNanos();
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                DispersalContract.requireRandomReads(source, blob, random, 20);
            }
            assertThat(tasks.elapsedNanos() - start)
                    .isLessThan(Duration.ofSeconds(10).toNanos());
        });
    }

    @Test
    void memoryOfLateReadsIsNotUsedAgainBeforeTheyEnd() {
        Patience hasty = new Patience(
                Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMillis(2));
        simulate(100, hasty, (tasks, fleet, dispersal) -> {
            byte[] blob = bytes(300_000, 22);
            Spread spread = fleet.write(dispersal, blob);
            Random random = new Random(tasks.random().bytes(1)[0]);
            for (int i = 0; i < 6; i++) {
                fleet.store(i)
                        .before(call -> tasks.pause(Duration.ofMillis(call == Call.READ ? random.nextInt(15) : 0)));
            }
            for (int round = 0; round < 10; round++) {
                try (BlobSource source = dispersal.open(spread, blob.length)) {
                    DispersalContract.requireRandomReads(source, blob, random, 3);
                }
            }
        });
    }

    @Test
    void slowSitesAreWaitedForWhenNoOthersAreLeft() {
        simulate(20, (tasks, fleet, dispersal) -> {
            byte[] blob = bytes(BLOB_BYTES, 14);
            Spread spread = fleet.write(dispersal, blob);
            fleet.delete(spread, 1);
            fleet.delete(spread, 5);
            fleet.store(0).before(call -> tasks.pause(Duration.ofSeconds(7)));
            assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
        });
    }

    @Test
    void slowSiteIsWaitedForEvenIfNothingCouldReplaceIt() {
        simulate(20, (tasks, fleet, dispersal) -> {
            byte[] blob = bytes(BLOB_BYTES, 23);
            Spread spread = fleet.write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                for (int i = 3; i < 6; i++) {
                    fleet.store(i).before(Hook.AWAY);
                }
                fleet.store(0).before(call -> tasks.pause(Duration.ofSeconds(3)));
                ByteBuffer dst = ByteBuffer.allocate(100);
                source.readFullyAt(50, dst);
                assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(blob, 50, 100));
            }
        });
    }

    @Test
    void allSitesThatLackTheirSliceAreNamedAlsoThoseThatSaySoLate() {
        simulate(40, (tasks, fleet, dispersal) -> {
            Spread spread = fleet.write(dispersal, bytes(BLOB_BYTES, 24));
            try (BlobSource source = dispersal.open(spread, BLOB_BYTES)) {
                fleet.store(4).before(call -> {
                    tasks.pause(Duration.ofSeconds(3));
                    throw new UnavailableException("gone");
                });
                for (int i = 1; i < 4; i++) {
                    fleet.store(i).before(Hook.AWAY);
                }
                assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(BLOB_BYTES)))
                        .hasMessageContaining("found 2")
                        .hasMessageContaining("b: away, c: away, d: away, e: gone");
            }
            assertThatThrownBy(() -> dispersal.open(spread, BLOB_BYTES))
                    .hasMessageContaining("found 2")
                    .hasMessageContaining("b: away, c: away, d: away, e: gone");
        });
    }

    @Test
    void readFromHangingSitesEndsInTime() {
        simulate(20, (tasks, fleet, dispersal) -> {
            byte[] blob = bytes(BLOB_BYTES, 15);
            Spread spread = fleet.write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                for (int i = 0; i < 3; i++) {
                    fleet.store(i).before(hangsIn(tasks, Call.READ));
                }
                assertThatThrownBy(() -> source.readFullyAt(0, ByteBuffer.allocate(100)))
                        .hasMessageContaining("found 3")
                        .hasMessageContaining("a: no answer within PT30S");
            }
            assertThat(tasks.elapsedNanos()).isLessThan(Duration.ofSeconds(70).toNanos());
            assertThat(dispersal.inspect(spread, blob.length)).containsOnlyKeys(0, 1, 2);
        });
    }

    @Test
    void interruptedReaderCanReadOn() {
        simulate(100, (tasks, fleet, dispersal) -> {
            byte[] blob = bytes(BLOB_BYTES, 17);
            Spread spread = fleet.write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                interruptSometime(tasks, () -> DispersalContract.requireRandomReads(source, blob, new Random(18), 5));
                DispersalContract.requireRandomReads(source, blob, new Random(19), 5);
            }
        });
    }
}
