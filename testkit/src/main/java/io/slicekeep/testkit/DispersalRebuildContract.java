package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.Outcome;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Dispersal} does to rebuild slices that were lost. */
public abstract class DispersalRebuildContract extends DispersalFaultFixture {
    /** Creates the contract. */
    protected DispersalRebuildContract() {}

    @Test
    void slicesComeBackByteForByte() throws IOException {
        Dispersal dispersal = dispersal();
        for (Profile profile : List.of(SIX, Profile.of(2, 1), Profile.of(10, 4))) {
            for (int length : new int[] {0, 1, 5000, 1 << 20, 2_500_000}) {
                Fleet fleet = fleet(profile);
                byte[] blob = bytes(length, length);
                Spread spread = fleet.write(dispersal, blob);
                List<byte[]> before = slices(fleet, spread);
                for (Set<Integer> lost : losses(profile)) {
                    lost.forEach(index -> fleet.delete(spread, index));
                    assertThat(dispersal.rebuild(spread, length, lost, judge(blob)))
                            .isEmpty();
                    assertThat(slices(fleet, spread))
                            .as("%s %d %s", profile, length, lost)
                            .containsExactlyElementsOf(before);
                    if (profile.sites() - lost.size() < profile.dataSlices() + 2 * profile.faults()) {
                        continue;
                    }
                    lost.forEach(index -> fleet.delete(spread, index));
                    assertThat(dispersal.restore(spread, length, lost)).isEmpty();
                    assertThat(slices(fleet, spread))
                            .as("without keys: %s %d %s", profile, length, lost)
                            .containsExactlyElementsOf(before);
                }
            }
        }
    }

    /** Memory is used again: the last stripe's cells may have the full length and hold fewer bytes. */
    @Test
    void whatPadsTheLastStripeIsZero() throws IOException {
        Dispersal dispersal = dispersal();
        for (Profile profile : List.of(Profile.of(3, 2), Profile.of(10, 4))) {
            int cellBytes = ((1 << 20) / profile.dataSlices() + 64) / 64 * 64;
            int stripeBytes = profile.dataSlices() * cellBytes;
            for (int length : new int[] {stripeBytes - 1, stripeBytes - 60, 2 * stripeBytes - 70}) {
                Fleet fleet = fleet(profile);
                fleet.write(dispersal, bytes(3 * stripeBytes, 1));
                byte[] blob = bytes(length, 2);
                Spread spread = fleet.write(dispersal, blob);
                fleet.delete(spread, 0);
                assertThat(dispersal.rebuild(spread, length, Set.of(0), judge(blob)))
                        .as("%s %d", profile, length)
                        .isEmpty();
            }
        }
    }

    /** Up to two sites, each of them and some pairs. */
    private static List<Set<Integer>> losses(Profile profile) {
        List<Set<Integer>> losses = new ArrayList<>();
        int sites = profile.sites();
        IntStream.range(0, sites).forEach(i -> losses.add(Set.of(i)));
        if (profile.paritySlices() > 1) {
            IntStream.range(1, sites).forEach(i -> losses.add(Set.of(0, i)));
            losses.add(IntStream.range(sites - profile.paritySlices(), sites)
                    .boxed()
                    .collect(Collectors.toSet()));
        }
        return losses;
    }

    private static List<byte[]> slices(Fleet fleet, Spread spread) throws IOException {
        List<byte[]> slices = new ArrayList<>();
        for (int i = 0; i < fleet.profile().sites(); i++) {
            slices.add(fleet.slice(spread, i));
        }
        return slices;
    }

    @Test
    void membersComeAndGoAndNoSliceThatStaysIsWrittenAnew() throws IOException {
        Dispersal dispersal = dispersal();
        for (int length : new int[] {1, 5000, 2_500_000}) {
            Fleet fleet = fleet(SIX);
            byte[] blob = bytes(length, length);
            Spread first = fleet.write(dispersal, blob);
            byte[][] wide = new ReferenceSlices(4, 3, first.blobId(), first.epoch()).of(blob);
            fleet.add();
            Spread spread = fleet.now(first);
            assertThat(dispersal.inspect(spread, length)).containsOnlyKeys(6);
            assertThat(dispersal.rebuild(spread, length, Set.of(6), judge(blob)))
                    .isEmpty();
            assertThat(slices(fleet, spread)).containsExactly(wide);
            fleet.remove(1);
            Spread without = fleet.now(first);
            assertThat(dispersal.inspect(without, length)).isEmpty();
            assertThat(Fleet.read(dispersal, without, length)).isEqualTo(blob);
            fleet.delete(without, 2);
            assertThat(dispersal.inspect(without, length)).containsOnlyKeys(2);
            assertThat(dispersal.rebuild(without, length, Set.of(2), judge(blob)))
                    .isEmpty();
            assertThat(fleet.slice(without, 2)).isEqualTo(wide[3]);
            fleet.delete(without, 0);
            fleet.store(1).before(Hook.AWAY);
            assertThat(Fleet.read(dispersal, without, length)).isEqualTo(blob);
            fleet.delete(without, 4);
            assertThatThrownBy(() -> Fleet.read(dispersal, without, length))
                    .isInstanceOf(TooFewSlicesException.class)
                    .hasMessageContaining("found 3")
                    .hasMessageContaining("f: ");
        }
    }

    @Test
    void whoLiesIsNamedWhereMembersHaveGone() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(Profile.of(4, 4));
        byte[] blob = bytes(70_000, 3);
        Spread first = fleet.write(dispersal, blob);
        fleet.remove(1);
        Spread spread = fleet.now(first);
        byte[] other = blob.clone();
        other[0] ^= 1;
        byte[][] forged = new ReferenceSlices(4, 4, first.blobId(), first.epoch()).of(other);
        fleet.replace(spread, 4, forged[5]);
        assertThat(dispersal.inspect(spread, blob.length)).containsOnlyKeys(4);
        fleet.delete(spread, 6);
        assertThat(dispersal.restore(spread, blob.length, Set.of(6))).isEmpty();
        assertThat(fleet.slice(spread, 6))
                .isEqualTo(new ReferenceSlices(4, 4, first.blobId(), first.epoch()).of(blob)[7]);
    }

    @Test
    void tooFewOthersAreNamedAndNothingIsPut() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(BLOB_BYTES, 1);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 0);
        fleet.delete(spread, 3);
        fleet.store(5).before(Hook.AWAY);
        assertThatThrownBy(() -> dispersal.rebuild(spread, BLOB_BYTES, new TreeSet<>(Set.of(0, 3)), judge(blob)))
                .isInstanceOf(TooFewSlicesException.class)
                .hasMessageContaining("found 3")
                .hasMessageContaining("f: away");
        assertThat(fleet.heldBlobs()).isEqualTo(4);
    }

    @Test
    void aSiteThatDoesNotTakeItsSliceIsNamedAndTheOthersGetTheirs() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(BLOB_BYTES, 2);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 1);
        fleet.delete(spread, 4);
        fleet.store(4).before(diesAfter(3));
        assertThat(dispersal.rebuild(spread, BLOB_BYTES, Set.of(1, 4), judge(blob)))
                .containsOnlyKeys(4);
        assertThat(fleet.holds(spread, 1)).isTrue();
        assertThatThrownBy(() -> dispersal.rebuild(spread, BLOB_BYTES, Set.of(4), judge(blob)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("dead");
        assertThat(dispersal.inspect(spread, BLOB_BYTES)).containsOnlyKeys(4);
    }

    /** Who comes second finds it there, and must not take it back. */
    @Test
    void ofTwoWhoRebuildASliceBothLeaveItStanding() {
        byte[] blob = bytes(300_000, 3);
        simulate(100, (tasks, fleet, dispersal) -> {
            Spread spread = fleet.write(dispersal, blob);
            fleet.delete(spread, 2);
            try (var group = tasks.<Map<Integer, IOException>>group()) {
                group.fork(0, () -> dispersal.rebuild(spread, blob.length, Set.of(2), judge(blob)));
                group.fork(1, () -> dispersal.restore(spread, blob.length, Set.of(2)));
                for (int i = 0; i < 2; i++) {
                    Outcome<Map<Integer, IOException>> outcome =
                            Objects.requireNonNull(group.next(tasks.deadline(LONG)));
                    assertThat(outcome.failure()).isNull();
                    assertThat(outcome.value()).isEmpty();
                }
            }
            tasks.settle();
            assertThat(dispersal.inspect(spread, blob.length)).isEmpty();
        });
    }

    /** The commit of one fails, whatever it did: what stands may be another's. */
    @Test
    void whoeverFailsTakesNothingBack() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 5);
        for (boolean keyless : new boolean[] {false, true}) {
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, blob);
            byte[] right = fleet.slice(spread, 2);
            fleet.delete(spread, 2);
            fleet.store(2).before(call -> {
                if (call == Call.COMMIT) {
                    fleet.replace(spread, 2, right);
                    throw new UnavailableException("the answer was lost");
                }
            });
            assertThatThrownBy(() -> {
                        if (keyless) {
                            dispersal.restore(spread, BLOB_BYTES, Set.of(2));
                        } else {
                            dispersal.rebuild(spread, BLOB_BYTES, Set.of(2), judge(blob));
                        }
                    })
                    .isInstanceOf(UnavailableException.class);
            assertThat(fleet.slice(spread, 2)).isEqualTo(right);
            assertThat(fleet.store(2).count(Call.DELETE)).isZero();
        }
    }

    @Test
    void whatStandsIsLeftAndCountsAsThere() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(1000, 4);
        Spread spread = fleet.write(dispersal, blob);
        List<byte[]> before = slices(fleet, spread);
        fleet.delete(spread, 0);
        assertThat(dispersal.rebuild(spread, 1000, Set.of(0, 1), judge(blob))).isEmpty();
        assertThat(dispersal.rebuild(spread, 1000, Set.of(0), judge(blob))).isEmpty();
        assertThat(slices(fleet, spread)).containsExactlyElementsOf(before);
    }
}
