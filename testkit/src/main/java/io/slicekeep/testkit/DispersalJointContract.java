package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Dispersal} does while one site takes another's place, and to blobs that were placed before (docs/PROTOCOLS.md
 * 10): of the sites a to f, with profile 4+2, b leaves and g comes.
 */
public abstract class DispersalJointContract extends DispersalFixture {
    private static final int BLOB_BYTES = 2_500_000;
    private static final int LEAVING = 1;
    private static final int COMING = 6;

    /** Creates the contract. */
    protected DispersalJointContract() {}

    private Fleet joint(Departure departure) {
        Fleet fleet = fleet(SIX);
        fleet.join(LEAVING, departure);
        return fleet;
    }

    @Test
    void bothHoldersGetTheSameSlice() throws IOException {
        Dispersal dispersal = dispersal();
        for (int length : new int[] {0, 1, 5000, BLOB_BYTES}) {
            Fleet fleet = joint(Departure.SERVING);
            byte[] blob = bytes(length, 1);
            Spread spread = fleet.write(dispersal, blob);
            byte[][] expected = DispersalContract.reference(spread).of(blob);
            for (int site = 0; site <= COMING; site++) {
                assertThat(Arrays.equals(fleet.slice(spread, site), expected[site == COMING ? LEAVING : site]))
                        .as("slice at site %d, %d bytes", site, length)
                        .isTrue();
            }
            assertThat(Fleet.read(dispersal, spread, length)).isEqualTo(blob);
            assertThat(dispersal.inspect(spread, length)).isEmpty();
        }
    }

    @Test
    void eitherHolderServesTheSlice() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 2);
        for (int failing : new int[] {LEAVING, COMING}) {
            Fleet fleet = joint(Departure.SERVING);
            Spread spread = fleet.write(dispersal, blob);
            fleet.delete(spread, 0);
            fleet.delete(spread, 5);
            fleet.flip(spread, failing, 8L * 400_000);
            assertThat(Fleet.read(dispersal, spread, BLOB_BYTES)).isEqualTo(blob);
            fleet.delete(spread, failing);
            assertThat(Fleet.read(dispersal, spread, BLOB_BYTES)).isEqualTo(blob);
            fleet.store(failing).before(Hook.AWAY);
            assertThat(Fleet.read(dispersal, spread, BLOB_BYTES)).isEqualTo(blob);
        }
    }

    @Test
    void twoHoldersOfASliceAreNotTwoSlices() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = joint(Departure.SERVING);
        Spread spread = fleet.write(dispersal, bytes(BLOB_BYTES, 3));
        for (int site : new int[] {0, 2, 3}) {
            fleet.delete(spread, site);
        }
        assertThatThrownBy(() -> Fleet.read(dispersal, spread, BLOB_BYTES))
                .isInstanceOf(TooFewSlicesException.class)
                .hasMessageContaining("found 3");
    }

    @Test
    void theHoldersAreInspectedEachForItself() throws IOException {
        Dispersal dispersal = dispersal();
        for (int bad : new int[] {LEAVING, COMING}) {
            Fleet fleet = joint(Departure.SERVING);
            Spread spread = fleet.write(dispersal, bytes(BLOB_BYTES, 4));
            fleet.flip(spread, bad, 8L * 1000);
            assertThat(dispersal.inspect(spread, BLOB_BYTES))
                    .containsOnlyKeys(bad)
                    .allSatisfy((site, why) -> assertThat(why).isInstanceOf(IntegrityException.class));
            fleet.delete(spread, bad);
            assertThat(dispersal.inspect(spread, BLOB_BYTES))
                    .containsOnlyKeys(bad)
                    .allSatisfy((site, why) -> assertThat(why).isInstanceOf(BlobNotFoundException.class));
        }
    }

    /** Planted bug 44 for slices: enough by one count only. */
    @Test
    void slicesMustStandOnEnoughSitesByBothCounts() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(BLOB_BYTES, 5);
        for (Set<Integer> away : Set.of(Set.of(0, LEAVING), Set.of(0, COMING))) {
            Fleet fleet = joint(Departure.SERVING);
            away.forEach(site -> fleet.store(site).before(Hook.AWAY));
            assertThatThrownBy(() -> fleet.write(dispersal, blob))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("only 5 sites take its slices, 5 of the old and 5 of the new must");
            assertThat(fleet.heldBlobs()).isZero();
        }
        for (Set<Integer> away : Set.of(Set.of(0), Set.of(LEAVING, COMING))) {
            Fleet fleet = joint(Departure.SERVING);
            away.forEach(site -> fleet.store(site).before(Hook.AWAY));
            assertThat(Fleet.read(dispersal, fleet.write(dispersal, blob), BLOB_BYTES))
                    .isEqualTo(blob);
        }
    }

    @Test
    void aLostSiteIsNotCalled() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(BLOB_BYTES, 6);
        Spread before = fleet.write(dispersal, blob);
        long calls =
                fleet.store(LEAVING).count(Call.CREATE) + fleet.store(LEAVING).count(Call.OPEN);
        fleet.join(LEAVING, Departure.LOST);
        Spread now = fleet.now(before);
        assertThat(Fleet.read(dispersal, now, BLOB_BYTES)).isEqualTo(blob);
        assertThat(dispersal.inspect(now, BLOB_BYTES)).containsOnlyKeys(LEAVING, COMING);
        assertThat(dispersal.rebuild(now, BLOB_BYTES, Set.of(COMING), judge(blob)))
                .isEmpty();
        Spread after = fleet.write(dispersal, blob);
        assertThat(dispersal.inspect(after, BLOB_BYTES))
                .containsOnlyKeys(LEAVING)
                .allSatisfy((site, why) -> assertThat(why).hasMessageContaining("declared lost"));
        assertThat(fleet.store(LEAVING).count(Call.CREATE)
                        + fleet.store(LEAVING).count(Call.OPEN))
                .isEqualTo(calls);
    }

    /** The epoch in a slice is that of its placement, whatever epoch it is read and rebuilt in. */
    @Test
    void slicesOfEarlierEpochsAreRebuiltByteForByte() throws IOException {
        Dispersal dispersal = dispersal();
        for (Profile profile : new Profile[] {SIX, Profile.of(2, 1), Profile.of(10, 6)}) {
            Fleet fleet = fleet(profile);
            byte[] blob = bytes(BLOB_BYTES, 7);
            Spread placed = fleet.write(dispersal, blob);
            byte[] slice = fleet.slice(placed, LEAVING);
            byte[] other = fleet.slice(placed, 2);
            fleet.join(LEAVING, Departure.SERVING);
            Spread joint = fleet.now(placed);
            int coming = profile.sites();
            assertThat(dispersal.inspect(joint, BLOB_BYTES)).containsOnlyKeys(coming);
            assertThat(dispersal.rebuild(joint, BLOB_BYTES, Set.of(coming), judge(blob)))
                    .isEmpty();
            assertThat(dispersal.inspect(joint, BLOB_BYTES)).isEmpty();
            fleet.release();
            Spread now = fleet.now(placed);
            assertThat(fleet.slice(now, LEAVING)).isEqualTo(slice);
            fleet.delete(now, 2);
            assertThat(dispersal.rebuild(now, BLOB_BYTES, Set.of(2), judge(blob)))
                    .isEmpty();
            assertThat(fleet.slice(now, 2)).isEqualTo(other);
            assertThat(dispersal.inspect(now, BLOB_BYTES)).isEmpty();
            assertThat(Fleet.read(dispersal, now, BLOB_BYTES)).isEqualTo(blob);
        }
    }
}
