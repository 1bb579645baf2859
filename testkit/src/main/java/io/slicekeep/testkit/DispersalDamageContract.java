package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.TooFewSlicesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Dispersal} makes of slices that are missing, rotten, misplaced or forged. */
public abstract class DispersalDamageContract extends DispersalFixture {
    /** Creates the contract. */
    protected DispersalDamageContract() {}

    @Test
    void everyLossOfUpToMSlicesIsSurvived() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(2_500_000, 1);
        for (int lost : masksOfUpTo(2)) {
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, blob);
            bits(lost).forEach(i -> fleet.delete(spread, i));
            assertThat(Arrays.equals(Fleet.read(dispersal, spread, blob.length), blob))
                    .isTrue();
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                DispersalContract.requireRandomReads(source, blob, new Random(lost), 20);
            }
            Map<Integer, IOException> findings = dispersal.inspect(spread, blob.length);
            assertThat(findings.keySet())
                    .containsExactlyElementsOf(bits(lost).boxed().toList());
            assertThat(findings.values()).allSatisfy(e -> assertThat(e).isInstanceOf(BlobNotFoundException.class));
        }
    }

    @Test
    void everyRotOfUpToMSlicesIsSurvived() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(2_500_000, 2);
        for (int rotten : masksOfUpTo(2)) {
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, blob);
            for (int i : bits(rotten).toArray()) {
                fleet.flip(spread, i, 8 * (64 + 16_388 * 5 + 77));
            }
            assertThat(Arrays.equals(Fleet.read(dispersal, spread, blob.length), blob))
                    .isTrue();
            Map<Integer, IOException> findings = dispersal.inspect(spread, blob.length);
            assertThat(findings.keySet())
                    .containsExactlyElementsOf(bits(rotten).boxed().toList());
            assertThat(findings.values())
                    .allSatisfy(e -> assertThat(e)
                            .isInstanceOf(IntegrityException.class)
                            .hasMessageContaining("byte " + (64 + 16_388 * 5)));
        }
    }

    @Test
    void lossOfMoreThanMSlicesIsNamed() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, bytes(1000, 3));
        fleet.delete(spread, 1);
        fleet.flip(spread, 3, 8 * 64);
        fleet.store(5).before(HookedStore.Hook.AWAY);
        assertThatExceptionOfType(TooFewSlicesException.class)
                .isThrownBy(() -> Fleet.read(dispersal, spread, 1000))
                .satisfies(e -> {
                    assertThat(e.needed()).isEqualTo(4);
                    assertThat(e.found()).isEqualTo(3);
                    assertThat(e.missing()).hasSize(3);
                    assertThat(e.missing().get(0)).startsWith("b: ");
                    assertThat(e.missing().get(1)).startsWith("d: ").contains("rotten");
                    assertThat(e.missing().get(2)).startsWith("f: ").contains("away");
                    assertThat(e).hasMessageContaining(spread.base().value());
                });
    }

    @Test
    void lossOfAllSlicesIsNamed() throws IOException {
        Dispersal dispersal = dispersal();
        Spread nowhere = fleet(SIX).spread();
        assertThatExceptionOfType(TooFewSlicesException.class)
                .isThrownBy(() -> dispersal.open(nowhere, 1000))
                .satisfies(e -> assertThat(e.found()).isZero())
                .satisfies(e -> assertThat(e.missing()).hasSize(6));
        assertThat(dispersal.inspect(nowhere, 1000)).hasSize(6);
    }

    @Test
    void everyFlippedBitOfASmallBlobIsFoundNamedAndSurvived() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(100, 4);
        Spread spread = fleet.write(dispersal, blob);
        for (int i = 0; i < 6; i++) {
            byte[] whole = fleet.slice(spread, i);
            for (int bit = 0; bit < 8 * whole.length; bit++) {
                fleet.flip(spread, i, bit);
                Map<Integer, IOException> findings = dispersal.inspect(spread, 100);
                assertThat(findings.keySet()).as("slice %d, bit %d", i, bit).containsExactly(i);
                assertThat(findings.get(i)).isInstanceOfAny(IntegrityException.class, FormatException.class);
                assertThat(Fleet.read(dispersal, spread, 100)).isEqualTo(blob);
                fleet.replace(spread, i, whole);
            }
        }
        assertThat(dispersal.inspect(spread, 100)).isEmpty();
    }

    @Test
    void rottenSliceIsNotAskedAgainWhileOthersServe() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(2_500_000, 19);
        Spread spread = fleet.write(dispersal, blob);
        fleet.flip(spread, 0, 8 * 64);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            source.readFullyAt(0, ByteBuffer.allocate(100));
            long reads = fleet.store(0).count(HookedStore.Call.READ);
            DispersalContract.requireRandomReads(source, blob, new Random(20), 50);
            assertThat(fleet.store(0).count(HookedStore.Call.READ)).isEqualTo(reads);
        }
    }

    @Test
    void rotOfMoreThanMSlicesIsSurvivedIfEachStripeHasEnough() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(4 * 1_048_576, 5);
        Spread spread = fleet.write(dispersal, blob);
        int storedCellBytes = 262_144 + 16 * 4;
        for (int i = 0; i < 4; i++) {
            fleet.flip(spread, i, 8L * (64 + i * storedCellBytes + 5));
        }
        assertThat(Arrays.equals(Fleet.read(dispersal, spread, blob.length), blob))
                .isTrue();
        assertThat(dispersal.inspect(spread, blob.length).keySet()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void slicesSwappedBetweenSitesAreRefused() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(70_000, 6);
        Spread spread = fleet.write(dispersal, blob);
        byte[] first = fleet.slice(spread, 0);
        fleet.replace(spread, 0, fleet.slice(spread, 3));
        fleet.replace(spread, 3, first);
        requireBad(dispersal, spread, blob, 0, 3);
    }

    @Test
    void slicesOfAnotherBlobAreRefused() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(70_000, 7);
        Spread spread = fleet.write(dispersal, blob);
        Spread other = fleet.write(dispersal, bytes(70_000, 8));
        fleet.replace(spread, 1, fleet.slice(other, 1));
        fleet.replace(spread, 4, fleet.slice(other, 4));
        requireBad(dispersal, spread, blob, 1, 4);
        assertThat(dispersal.inspect(spread, blob.length).get(1))
                .hasMessageContaining(other.blobId().toString());
    }

    @Test
    void blocksThatLandedElsewhereAreRefused() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(500_000, 9);
        Spread spread = fleet.write(dispersal, blob);
        Spread other = fleet.write(dispersal, bytes(500_000, 10));
        byte[] moved = fleet.slice(spread, 0);
        System.arraycopy(moved, 64, moved, 64 + 16_388, 16_388); // a block of the same slice
        byte[] foreign = fleet.slice(spread, 2);
        System.arraycopy(fleet.slice(other, 2), 64, foreign, 64, 16_388); // the same block of another blob
        fleet.replace(spread, 0, moved);
        fleet.replace(spread, 2, foreign);
        requireBad(dispersal, spread, blob, 0, 2);
    }

    @Test
    void slicesOfAnotherCodeAreRefused() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(70_000, 11);
        Spread spread = fleet.write(dispersal, blob);
        byte[][] foreign = new ReferenceSlices(3, 3, spread.blobId(), spread.epoch()).of(blob);
        fleet.replace(spread, 0, foreign[0]);
        requireBad(dispersal, spread, blob, 0);
    }

    @Test
    void shorterAndLongerSlicesAreRefused() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(70_000, 12);
        Spread spread = fleet.write(dispersal, blob);
        byte[] whole = fleet.slice(spread, 2);
        for (int length :
                new int[] {0, 1, 7, 8, 63, 64, 65, 16_452, whole.length - 48, whole.length - 1, whole.length + 1}) {
            fleet.replace(spread, 2, Arrays.copyOf(whole, length));
            requireBad(dispersal, spread, blob, 2);
        }
    }

    @Test
    void blobOfAnotherLengthThanExpectedIsRefused() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, bytes(70_000, 13));
        for (int length : new int[] {0, 69_999, 70_001, 70_144, 2_000_000}) {
            assertThatExceptionOfType(TooFewSlicesException.class).isThrownBy(() -> dispersal.open(spread, length));
            assertThat(dispersal.inspect(spread, length)).hasSize(6);
        }
    }

    @Test
    void sliceOfAnOlderEpochIsReadAndCalledStale() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(70_000, 14);
        Spread spread = fleet.write(dispersal, blob);
        Spread later = Fleet.ofEpoch(spread, spread.epoch() + 1);
        byte[][] replaced = new ReferenceSlices(4, 2, spread.blobId(), later.epoch()).of(blob);
        for (int i = 1; i < 6; i++) {
            fleet.replace(spread, i, replaced[i]);
        }
        assertThat(Fleet.read(dispersal, later, blob.length)).isEqualTo(blob);
        assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
        assertThat(dispersal.inspect(spread, blob.length)).isEmpty();
        assertThat(dispersal.inspect(later, blob.length))
                .containsOnlyKeys(0)
                .hasEntrySatisfying(0, e -> assertThat(e).hasMessageContaining("epoch"));
    }

    @Test
    void sliceThatLiesWithRightChecksumsIsNamed() throws IOException {
        Dispersal dispersal = dispersal();
        for (int liar = 0; liar < 6; liar++) {
            Fleet fleet = fleet(SIX);
            byte[] blob = bytes(1_300_000, 15);
            Spread spread = fleet.write(dispersal, blob);
            lie(fleet, spread, blob, liar);
            Map<Integer, IOException> findings = dispersal.inspect(spread, blob.length);
            assertThat(findings.keySet()).containsExactly(liar);
            assertThat(findings.get(liar))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("contradicts");
        }
    }

    @Test
    void twoLiarsAmongManyAreNamed() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(Profile.of(4, 4));
        byte[] blob = bytes(1_300_000, 16);
        Spread spread = fleet.write(dispersal, blob);
        lie(fleet, spread, blob, 1);
        lie(fleet, spread, blob, 6);
        assertThat(dispersal.inspect(spread, blob.length)).containsOnlyKeys(1, 6);
    }

    @Test
    void moreLiarsThanCanBeToldApartAreNoticedThoughNotNamed() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(Profile.of(4, 4));
        byte[] blob = bytes(1000, 21);
        Spread spread = fleet.write(dispersal, blob);
        for (int liar = 2; liar < 5; liar++) {
            lie(fleet, spread, blob, liar);
        }
        assertThat(dispersal.inspect(spread, blob.length)).hasSize(8);
    }

    @Test
    void liarAmongTooFewIsNoticedThoughNotNamed() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(1000, 17);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 2);
        lie(fleet, spread, blob, 4);
        Map<Integer, IOException> findings = dispersal.inspect(spread, blob.length);
        assertThat(findings).containsOnlyKeys(0, 1, 2, 3, 4, 5);
        assertThat(findings.get(2)).isInstanceOf(BlobNotFoundException.class);
        assertThat(findings.get(0)).hasMessageContaining("a, b, d, e, f").hasMessageContaining("cannot be told");
    }

    @Test
    void positionStaysWhenAReadFails() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(2_000_000, 18);
        Spread spread = fleet.write(dispersal, blob);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            for (int i = 0; i < 3; i++) {
                fleet.store(i).before(HookedStore.Hook.AWAY);
            }
            ByteBuffer dst = ByteBuffer.allocate(blob.length).position(5);
            assertThatExceptionOfType(TooFewSlicesException.class).isThrownBy(() -> source.readAt(0, dst));
            assertThat(dst.position()).isEqualTo(5);
            assertThat(dst.limit()).isEqualTo(blob.length);
        }
    }

    /** Puts a slice of other data with the blob's own id in place of a right one. */
    private static void lie(Fleet fleet, Spread spread, byte[] blob, int index) throws IOException {
        byte[] other = blob.clone();
        for (int i = blob.length / 2; i < blob.length; i++) {
            other[i] ^= (byte) (i + index);
        }
        BlobId same = spread.blobId();
        Profile profile = spread.layout().profile();
        ReferenceSlices forger =
                new ReferenceSlices(profile.dataSlices(), profile.paritySlices(), same, spread.epoch());
        fleet.replace(spread, index, forger.of(other)[index]);
    }

    private static void requireBad(Dispersal dispersal, Spread spread, byte[] blob, Integer... bad) throws IOException {
        assertThat(Fleet.read(dispersal, spread, blob.length)).isEqualTo(blob);
        Map<Integer, IOException> findings = dispersal.inspect(spread, blob.length);
        assertThat(findings).containsOnlyKeys(bad);
        assertThat(findings.values())
                .allSatisfy(e -> assertThat(e).isInstanceOfAny(IntegrityException.class, FormatException.class));
    }

    private static int[] masksOfUpTo(int most) {
        return IntStream.range(1, 1 << 6)
                .filter(mask -> Integer.bitCount(mask) <= most)
                .toArray();
    }

    private static IntStream bits(int mask) {
        return IntStream.range(0, 6).filter(i -> (mask >> i & 1) != 0);
    }
}
