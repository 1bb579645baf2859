package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.testkit.HookedStore.Call;
import io.slicekeep.testkit.HookedStore.Hook;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom every {@link Dispersal} blames when slices pass their checksums and are wrong. The judge knows the blob. */
public abstract class DispersalBlameContract extends DispersalFixture {
    private static final int BLOB_BYTES = 2_500_000;

    private final byte[] blob = bytes(BLOB_BYTES, 1);
    private final AtomicInteger judged = new AtomicInteger();

    /** Creates the contract. */
    protected DispersalBlameContract() {}

    @Test
    void everyOneAndEveryTwoSitesThatLieAreBlamedExactly() throws IOException {
        Dispersal dispersal = dispersal();
        for (int first = 0; first < 6; first++) {
            for (int second = first; second < 6; second++) {
                Fleet fleet = fleet(SIX);
                Spread spread = fleet.write(dispersal, blob);
                lie(fleet, spread, first, first);
                lie(fleet, spread, second, second);
                assertThat(dispersal
                                .blame(spread, BLOB_BYTES, doubt(1_500_000, 1_500_001))
                                .keySet())
                        .as("%d and %d", first, second)
                        .containsOnly(first, second);
            }
        }
    }

    /** What two liars agree on is as consistent as what the others say, once two of those are away or out of sight. */
    @Test
    void sitesThatLieTogetherAreBlamed() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(Profile.of(2, 3));
        Spread spread = fleet.write(dispersal, blob);
        lie(fleet, spread, 0, 99);
        lie(fleet, spread, 1, 99);
        lie(fleet, spread, 3, 99);
        assertThat(dispersal.blame(spread, BLOB_BYTES, doubt(0, BLOB_BYTES))).containsOnlyKeys(0, 1, 3);
        assertThat(inspect(dispersal, spread)).containsOnlyKeys(0, 1, 3);
    }

    /** Planted bug 34: a cell that was rebuilt says nothing about its site. */
    @Test
    void sitesWhoseCellsAreNotAtHandAreNotBlamed() throws IOException {
        Dispersal dispersal = dispersal();
        for (int away = 0; away < 6; away++) {
            for (int liar = 0; liar < 6; liar++) {
                Fleet fleet = fleet(SIX);
                Spread spread = fleet.write(dispersal, blob);
                lie(fleet, spread, liar, 3);
                fleet.delete(spread, away);
                Integer[] blamed = away == liar ? new Integer[0] : new Integer[] {liar};
                assertThat(dispersal.blame(spread, BLOB_BYTES, doubt(0, 1)).keySet())
                        .as("%d away, %d lies", away, liar)
                        .containsExactly(blamed);
            }
        }
    }

    /** What one of two memberships cannot tell, the other may. */
    @Test
    void inAJointLayoutOneMembershipIsEnoughToTell() throws IOException {
        Dispersal dispersal = dispersal();
        for (int away : new int[] {1, 6}) {
            Fleet fleet = fleet(SIX);
            fleet.join(1, Departure.SERVING);
            Spread spread = fleet.write(dispersal, blob);
            lie(fleet, spread, 0, 0);
            lie(fleet, spread, 2, 2);
            fleet.store(away).before(Hook.AWAY);
            assertThat(dispersal.blame(spread, BLOB_BYTES, doubt(0, 1))).containsOnlyKeys(0, 2);
            fleet.store(7 - away).before(Hook.AWAY);
            assertThatThrownBy(() -> dispersal.blame(spread, BLOB_BYTES, doubt(0, 1)))
                    .isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void inspectionWithAJudgeNamesWhomTheOthersCannotTellApart() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        fleet.delete(spread, 2);
        lie(fleet, spread, 4, 1);
        assertThat(dispersal.inspect(spread, BLOB_BYTES)).hasSize(6);
        Map<Integer, IOException> findings = inspect(dispersal, spread);
        assertThat(findings).containsOnlyKeys(2, 4);
        assertThat(findings.get(2)).isInstanceOf(BlobNotFoundException.class);
        assertThat(findings.get(4)).isInstanceOf(IntegrityException.class).hasMessageContaining("not what was sealed");
    }

    @Test
    void lieInTheZerosBehindTheBlobIsBlamed() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] shortBlob = bytes(100, 2);
        for (int liar = 0; liar < 6; liar++) {
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, shortBlob);
            byte[] longer = Arrays.copyOf(shortBlob, 4 * 64);
            longer[200] = 1;
            byte[] forged = new ReferenceSlices(4, 2, spread.blobId(), spread.epoch()).of(longer)[liar];
            byte[] own = fleet.slice(spread, liar);
            System.arraycopy(own, own.length - 48, forged, forged.length - 48, 48);
            boolean differs = !Arrays.equals(own, forged);
            fleet.replace(spread, liar, forged);
            Doubt doubt = new Doubt(0, 100, (candidate, from, to) -> {
                ByteBuffer bytes = ByteBuffer.allocate(100);
                candidate.readFullyAt(0, bytes);
                if (bytes.flip().mismatch(ByteBuffer.wrap(shortBlob)) >= 0) {
                    throw new IntegrityException("not it");
                }
            });
            assertThat(dispersal.blame(spread, 100, doubt).containsKey(liar)).isEqualTo(differs);
        }
    }

    @Test
    void noneIsBlamedForWhatCannotBeJudgedAndTheWorkIsBounded() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(Profile.of(10, 6));
        Spread spread = fleet.write(dispersal, blob);
        for (int liar = 0; liar < 7; liar++) {
            lie(fleet, spread, liar, liar);
        }
        assertThatThrownBy(() -> dispersal.blame(spread, BLOB_BYTES, doubt(0, 1)))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("10 of the 16");
        assertThat(judged).hasValueBetween(100, 2000);
    }

    @Test
    void nobodyIsBlamedWhenAllIsRight() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        assertThat(dispersal.blame(spread, BLOB_BYTES, doubt(0, BLOB_BYTES))).isEmpty();
        assertThat(inspect(dispersal, spread)).isEmpty();
        assertThat(judged).hasValue(1);
    }

    /** An inspection that looks for one site's fault ends when it is found, and says nothing of what it has not read. */
    @Test
    void anInspectionReadsNoFurtherThanItsSuspectNeeds() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        lie(fleet, spread, 4, 1);
        fleet.flip(spread, 2, 8L * (64 + 2 * 262_208));
        assertThat(dispersal.inspect(spread, BLOB_BYTES, Set.of(4), this::require))
                .containsOnlyKeys(4);
        assertThat(dispersal.inspect(spread, BLOB_BYTES, Set.of(2), this::require))
                .containsOnlyKeys(2, 4);
        assertThat(dispersal.inspect(spread, BLOB_BYTES, Set.of(0), this::require))
                .containsOnlyKeys(2, 4);
    }

    /** What is rebuilt follows from cells that were judged, so that a lie does not spread. */
    @Test
    void noLieIsCopied() throws IOException {
        Dispersal dispersal = dispersal();
        for (int liar = 0; liar < 6; liar++) {
            for (int lost = 0; lost < 6; lost++) {
                Fleet fleet = fleet(SIX);
                Spread spread = fleet.write(dispersal, blob);
                byte[] right = fleet.slice(spread, lost);
                lie(fleet, spread, liar, liar);
                fleet.delete(spread, lost);
                assertThat(dispersal.rebuild(spread, BLOB_BYTES, Set.of(lost), this::require))
                        .isEmpty();
                assertThat(Arrays.equals(fleet.slice(spread, lost), right))
                        .as("%d lies, %d was lost", liar, lost)
                        .isTrue();
            }
        }
    }

    @Test
    void nothingIsRebuiltFromTooManyLies() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        lie(fleet, spread, 1, 1);
        lie(fleet, spread, 5, 5);
        fleet.delete(spread, 3);
        assertThatThrownBy(() -> dispersal.rebuild(spread, BLOB_BYTES, Set.of(3), this::require))
                .isInstanceOf(IntegrityException.class);
        assertThat(fleet.heldBlobs()).isEqualTo(5);
        fleet.store(2).before(Hook.AWAY);
        assertThatThrownBy(() -> dispersal.rebuild(spread, BLOB_BYTES, Set.of(3), this::require))
                .isInstanceOf(UnavailableException.class);
        assertThat(fleet.heldBlobs()).isEqualTo(5);
    }

    /** One pass, and of each stripe no more than k cells unless some are wrong. */
    /** In simulated time: where a machine stalls, a site looks slow, and another one is asked instead. */
    @Test
    void aRebuildReadsEachOfKCellsOnce() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.write(dispersal, blob);
            fleet.delete(spread, 3);
            long before = reads(fleet);
            assertThat(dispersal.rebuild(spread, BLOB_BYTES, Set.of(3), this::require))
                    .isEmpty();
            int stripes = 3;
            int headerAndFooter = 2;
            assertThat(reads(fleet) - before).isEqualTo(4L * (stripes + headerAndFooter));
        });
    }

    private static long reads(Fleet fleet) {
        return IntStream.range(0, 6)
                .mapToLong(site -> fleet.store(site).count(Call.READ))
                .sum();
    }

    private Map<Integer, IOException> inspect(Dispersal dispersal, Spread spread) throws IOException {
        Set<Integer> all = spread.sites().stream().map(Site::index).collect(Collectors.toSet());
        return dispersal.inspect(spread, BLOB_BYTES, all, this::require);
    }

    private Doubt doubt(long from, long to) {
        return new Doubt(from, to, this::require);
    }

    private void require(BlobSource candidate, long from, long to) throws IOException {
        judged.incrementAndGet();
        judge(blob).require(candidate, from, to);
    }

    /** Replaces a slice by that of another blob with the same id, checksums and all. */
    private void lie(Fleet fleet, Spread spread, int site, int salt) throws IOException {
        byte[] other = blob.clone();
        for (int i = 0; i < other.length; i += 7) {
            other[i] ^= (byte) (salt + i | 1);
        }
        Profile profile = spread.layout().profile();
        ReferenceSlices forger =
                new ReferenceSlices(profile.dataSlices(), profile.paritySlices(), spread.blobId(), spread.epoch());
        fleet.replace(spread, site, forger.of(other)[site]);
    }
}
