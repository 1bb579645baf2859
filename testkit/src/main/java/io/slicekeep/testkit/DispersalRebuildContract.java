package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
                Spread spread = fleet.write(dispersal, bytes(length, length));
                List<byte[]> before = slices(fleet, spread);
                for (Set<Integer> lost : losses(profile)) {
                    lost.forEach(index -> fleet.delete(spread, index));
                    assertThat(dispersal.rebuild(spread, length, lost)).isEmpty();
                    assertThat(slices(fleet, spread))
                            .as("%s %d %s", profile, length, lost)
                            .containsExactlyElementsOf(before);
                }
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
    void tooFewOthersAreNamedAndNothingIsPut() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, bytes(BLOB_BYTES, 1));
        fleet.delete(spread, 0);
        fleet.delete(spread, 3);
        fleet.store(5).before(Hook.AWAY);
        assertThatThrownBy(() -> dispersal.rebuild(spread, BLOB_BYTES, new TreeSet<>(Set.of(0, 3))))
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
        assertThat(dispersal.rebuild(spread, BLOB_BYTES, Set.of(1, 4))).containsOnlyKeys(4);
        assertThat(fleet.holds(spread, 1)).isTrue();
        assertThatThrownBy(() -> dispersal.rebuild(spread, BLOB_BYTES, Set.of(4)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("dead");
        assertThat(dispersal.inspect(spread, BLOB_BYTES)).containsOnlyKeys(4);
    }

    /** Who comes second must not take back what the first one put. */
    @Test
    void ofTwoWhoRebuildASliceBothLeaveItStanding() {
        simulate(100, (tasks, fleet, dispersal) -> {
            Spread spread = fleet.write(dispersal, bytes(300_000, 3));
            fleet.delete(spread, 2);
            int[] rebuilt = new int[1];
            try (var group = tasks.<Boolean>group()) {
                for (int i = 0; i < 2; i++) {
                    group.fork(i, () -> {
                        try {
                            rebuilt[0] += dispersal
                                            .rebuild(spread, 300_000, Set.of(2))
                                            .isEmpty()
                                    ? 1
                                    : 0;
                        } catch (UnavailableException e) {
                            assertThat(e).hasMessageContaining("exists");
                        }
                        return true;
                    });
                }
                while (group.next(tasks.deadline(LONG)) != null) {
                    // Both come to an end.
                }
            }
            tasks.settle();
            assertThat(rebuilt[0]).isEqualTo(1);
            assertThat(dispersal.inspect(spread, 300_000)).isEmpty();
        });
    }

    @Test
    void whatStandsIsNotReplaced() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, bytes(1000, 4));
        fleet.delete(spread, 0);
        assertThat(dispersal.rebuild(spread, 1000, Set.of(0, 1)))
                .containsOnlyKeys(1)
                .allSatisfy((index, failure) -> assertThat(failure).isInstanceOf(BlobExistsException.class));
        assertThat(dispersal.inspect(spread, 1000)).isEmpty();
    }
}
