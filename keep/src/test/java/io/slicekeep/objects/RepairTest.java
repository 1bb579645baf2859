package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.task.RandomSource;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.Faults.Fault;
import io.slicekeep.testkit.HookedStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making an object whole again, and never less whole than it was. */
class RepairTest {
    private static final ObjectName NAME = ObjectName.of("photos/one");
    private static final int INLINE = 1000;
    private static final int SLICED = 2_000_000;

    /** Something that happens to a site's disk. */
    private interface Accident {
        void befall(Sites sites, int site) throws IOException;
    }

    private static final Map<String, Accident> ACCIDENTS = Map.of(
            "records rotten", (sites, site) -> sites.rot(site, "h/"),
            "slices rotten", (sites, site) -> sites.rot(site, "b/"),
            "slices lost",
                    (sites, site) -> {
                        for (BlobKey key : sites.keys(site, "b/")) {
                            sites.delete(site, key);
                        }
                    });

    @ParameterizedTest
    @ValueSource(ints = {0, INLINE, SLICED})
    void anyTwoSitesAreMadeWholeAgain(int length) throws IOException {
        byte[] bytes = Sites.bytes(length, 1);
        for (Map.Entry<String, Accident> accident : ACCIDENTS.entrySet()) {
            for (int second = 1; second < 6; second++) {
                try (Sites sites = new Sites(Profile.of(4, 2))) {
                    sites.put(NAME, bytes);
                    Map<String, String> slices = everything(sites, "b/");
                    accident.getValue().befall(sites, 0);
                    accident.getValue().befall(sites, second);
                    int damaged =
                            sites.objects().inspect(NAME, Depth.DEEP).bad().size();
                    RepairReport report = sites.objects().repair(NAME, Depth.DEEP);
                    assertThat(report.mended()).as(accident.getKey()).hasSize(damaged);
                    assertThat(report.pending()).isEmpty();
                    assertWhole(sites, bytes);
                    assertThat(everything(sites, "b/")).isEqualTo(slices);
                    assertThat(sites.objects().repair(NAME, Depth.DEEP).mended())
                            .isEmpty();
                }
            }
        }
    }

    private static void assertWhole(Sites sites, byte[] bytes) throws IOException {
        assertThat(sites.get(NAME)).isEqualTo(bytes);
        assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
        for (int site = 0; site < 6; site++) {
            assertThat(sites.keys(site, "h/")).as("records at site %d", site).hasSize(1);
        }
        assertThat(sites.leftOpen()).isZero();
    }

    /** Returns all blobs of all sites beneath a folder, as text that can be compared. */
    private static Map<String, String> everything(Sites sites, String folder) throws IOException {
        Map<String, String> everything = new HashMap<>();
        for (int site = 0; site < 6; site++) {
            for (BlobKey key : sites.keys(site, folder)) {
                byte[] bytes = sites.bytes(site, key);
                everything.put(site + " " + key, bytes.length + " " + Arrays.hashCode(bytes));
            }
        }
        return everything;
    }

    @Test
    void aLightRepairPutsWhatSitesDoNotList() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 2));
            sites.wipe(2);
            sites.rot(3, "b/");
            assertThat(sites.objects().repair(NAME, Depth.LIGHT).mended()).containsOnlyKeys("c");
            assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).containsOnlyKeys("d");
            assertWhole(sites, Sites.bytes(SLICED, 2));
        }
    }

    /** A key's last part is drawn, and once in 2^18 it is that of the copy which is to be replaced. */
    @ParameterizedTest
    @ValueSource(ints = {0, INLINE, SLICED})
    void aSpoiltCopyWhoseNumberIsDrawnAgainIsReplaced(int length) throws IOException {
        RandomSource secure = RandomSource.secure();
        RandomSource sameAttempt = target -> {
            secure.nextBytes(target);
            if (target.length == Integer.BYTES) {
                Arrays.fill(target, (byte) -1);
            }
        };
        try (Sites sites = new Sites(Profile.of(4, 2), NamespaceMode.LWW, sameAttempt)) {
            sites.put(NAME, Sites.bytes(length, 4));
            sites.dropNotes();
            sites.rot(0, "h/");
            sites.rot(5, "h/");
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 4));
            sites.objects().repair(NAME, Depth.DEEP);
            assertWhole(sites, Sites.bytes(length, 4));
        }
    }

    @Test
    void aSiteThatIsAwayWaits() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 3));
            sites.wipe(1);
            sites.away(5);
            RepairReport report = sites.objects().repair(NAME, Depth.DEEP);
            assertThat(report.mended()).containsOnlyKeys("b");
            assertThat(report.pending()).containsOnlyKeys("f");
            sites.back(5);
            assertWhole(sites, Sites.bytes(SLICED, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, INLINE, SLICED})
    void aSiteThatLostEverythingIsMadeWholeAgain(int length) throws IOException {
        for (int site = 0; site < 6; site++) {
            try (Sites sites = new Sites(Profile.of(4, 2))) {
                sites.put(NAME, Sites.bytes(length, 8));
                Map<String, String> slices = everything(sites, "b/");
                sites.wipe(site);
                assertThat(sites.objects().repair(NAME, Depth.LIGHT).mended()).hasSize(1);
                assertWhole(sites, Sites.bytes(length, 8));
                assertThat(everything(sites, "b/")).isEqualTo(slices);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void whatCannotBeRebuiltIsLeftAsItIs(int length) throws IOException {
        String folder = length == INLINE ? "h/" : "b/";
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(length, 4));
            for (int site = 0; site < 3; site++) {
                sites.rot(site, folder);
            }
            Map<String, String> before = everything(sites, folder);
            assertThatThrownBy(() -> sites.objects().repair(NAME, Depth.DEEP))
                    .isInstanceOf(TooFewSlicesException.class);
            assertThat(everything(sites, folder)).isEqualTo(before);
        }
    }

    /** Right in itself, and contradicting the others: the tags of the rest say who lied. */
    @Test
    void aForgedSliceIsReplaced() throws IOException {
        for (int liar = 0; liar < 6; liar++) {
            try (Sites sites = new Sites(Profile.of(4, 2))) {
                sites.put(NAME, Sites.bytes(SLICED, 5));
                LiarTest.forge(sites, liar);
                assertThat(sites.objects().repair(NAME, Depth.DEEP).mended())
                        .containsOnlyKeys(String.valueOf((char) ('a' + liar)));
                assertWhole(sites, Sites.bytes(SLICED, 5));
            }
        }
    }

    /** Two forged of six contradict each other and all the others: only the tags can tell. */
    @Test
    void twoForgedSlicesAreReplaced() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 6));
            LiarTest.forge(sites, 0);
            LiarTest.forge(sites, 3);
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys("a", "d");
            assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).containsOnlyKeys("a", "d");
            assertWhole(sites, Sites.bytes(SLICED, 6));
        }
    }

    @Test
    void aForgedSliceIsReplacedWhileASiteIsAway() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 6));
            LiarTest.forge(sites, 3);
            sites.away(1);
            RepairReport report = sites.objects().repair(NAME, Depth.DEEP);
            assertThat(report.mended()).containsOnlyKeys("d");
            assertThat(report.pending()).containsOnlyKeys("b");
            sites.back(1);
            assertWhole(sites, Sites.bytes(SLICED, 6));
        }
    }

    @Test
    void whereNobodyCanBeBlamedNothingIsDeleted() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 6));
            for (int liar = 0; liar < 3; liar++) {
                LiarTest.forge(sites, liar);
            }
            Map<String, String> before = everything(sites, "b/");
            assertThatThrownBy(() -> sites.objects().repair(NAME, Depth.DEEP)).isInstanceOf(IOException.class);
            assertThat(everything(sites, "b/")).isEqualTo(before);
        }
    }

    /** Four slices are left, and nothing to compare them with: only decrypting shows that one of them is a lie. */
    @Test
    void nothingIsRebuiltFromALie() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 10));
            for (int site = 4; site < 6; site++) {
                for (BlobKey key : sites.keys(site, "b/")) {
                    sites.delete(site, key);
                }
            }
            LiarTest.forge(sites, 0);
            Map<String, String> before = everything(sites, "b/");
            assertThatThrownBy(() -> sites.objects().repair(NAME, Depth.DEEP)).isInstanceOf(IOException.class);
            assertThat(everything(sites, "b/")).isEqualTo(before);
        }
    }

    /** A slice that is not missed but lies must not be copied, whatever the others do meanwhile. */
    @Test
    void aLightRepairCopiesNoLie() throws IOException {
        try (Sites sites = new Sites(Profile.parse("4+4,f=1,away=1"))) {
            sites.put(NAME, Sites.bytes(SLICED, 11));
            LiarTest.forge(sites, 4);
            BlobKey lost = sites.keys(7, "b/").get(0);
            byte[] right = sites.bytes(7, lost);
            sites.delete(7, lost);
            String first = "open " + sites.keys(0, "b/").get(0);
            AtomicInteger opened = new AtomicInteger();
            sites.site(0)
                    .faults(call -> call.equals(first) && opened.incrementAndGet() > 1 ? Fault.BEFORE : Fault.NONE);
            assertThat(sites.objects().repair(NAME, Depth.LIGHT).mended()).containsOnlyKeys("h");
            assertThat(sites.bytes(7, lost)).isEqualTo(right);
            sites.site(0).faults(Faults.none());
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys("e");
        }
    }

    /** As when a site is filled: a liar among those that are read must not keep everybody from repairing. */
    @Test
    void aLightRepairDoesWithoutALiar() throws IOException {
        for (int liar = 0; liar < 5; liar++) {
            try (Sites sites = new Sites(Profile.of(4, 2))) {
                sites.put(NAME, Sites.bytes(SLICED, 12));
                Map<String, String> slices = everything(sites, "b/");
                sites.wipe(5);
                LiarTest.forge(sites, liar, liar % 2);
                assertThat(sites.objects().repair(NAME, Depth.LIGHT).mended()).containsOnlyKeys("f");
                assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).hasSize(1);
                assertThat(everything(sites, "b/")).isEqualTo(slices);
            }
        }
    }

    /** The other one's commit made it, this one's failed, and its answer may have been lost on the way. */
    @Test
    void whatAnotherRepairPutIsNotTakenBack() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 13));
            BlobKey key = sites.keys(3, "b/").get(0);
            byte[] right = sites.bytes(3, key);
            sites.delete(3, key);
            sites.site(3).faults(call -> {
                if (call.equals("commit " + key)) {
                    assertThatCode(() -> sites.overwrite(3, key, right)).doesNotThrowAnyException();
                    return Fault.BEFORE;
                }
                return Fault.NONE;
            });
            assertThatThrownBy(() -> sites.objects().repair(NAME, Depth.LIGHT))
                    .isInstanceOf(UnavailableException.class);
            assertThat(sites.bytes(3, key)).isEqualTo(right);
        }
    }

    /** While the one decrypts, the other mends: then there is nothing left to delete. */
    @Test
    void whatAnotherRepairMendedIsNotDeleted() throws IOException {
        for (boolean lie : new boolean[] {false, true}) {
            try (Sites sites = new Sites(Profile.of(4, 2))) {
                sites.put(NAME, Sites.bytes(SLICED, 14));
                if (lie) {
                    LiarTest.forge(sites, 3);
                } else {
                    sites.rot(3, "b/");
                }
                String opening = "open " + sites.keys(0, "b/").get(0);
                AtomicInteger opened = new AtomicInteger();
                AtomicInteger deleted = new AtomicInteger();
                sites.site(3).faults(call -> {
                    deleted.addAndGet(call.startsWith("delete ") ? 1 : 0);
                    return Fault.NONE;
                });
                sites.site(0).faults(call -> {
                    if (call.equals(opening) && opened.incrementAndGet() == 2) {
                        assertThatCode(() -> sites.objects().repair(NAME, Depth.DEEP))
                                .doesNotThrowAnyException();
                    }
                    return Fault.NONE;
                });
                assertThat(sites.objects().repair(NAME, Depth.DEEP).pending()).isEmpty();
                assertThat(deleted).hasValue(1);
                assertWhole(sites, Sites.bytes(SLICED, 14));
            }
        }
    }

    /** A repair of something large may outlast the collection of what it repairs. */
    @Test
    void whatGoesAwayMeanwhileIsSaid() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(INLINE, 9));
            sites.rot(0, "h/");
            sites.hook(5).before(call -> {
                for (int site = 0; call == HookedStore.Call.OPEN && site < 6; site++) {
                    sites.wipe(site);
                }
            });
            assertThatThrownBy(() -> sites.objects().repair(NAME, Depth.DEEP))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("repair it again");
        }
    }

    @Test
    void whatIsNotThereIsNotRepaired() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(SLICED, 7));
            sites.objects().delete(NAME);
            assertThatThrownBy(() -> sites.objects().repair(NAME, Depth.DEEP))
                    .isInstanceOf(ObjectNotFoundException.class);
        }
    }

    @Test
    void whatWasNeverAcknowledgedIsNotMissed() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2))) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            for (int site = 1; site < 6; site++) {
                for (BlobKey key : sites.keys(site, "h/")) {
                    sites.delete(site, key);
                }
            }
            for (Depth depth : Depth.values()) {
                assertThatThrownBy(() -> sites.objects().inspect(NAME, depth))
                        .isInstanceOf(ObjectNotFoundException.class);
            }
            assertThatThrownBy(() -> sites.get(NAME, Freshness.POSSIBLY_STALE))
                    .isInstanceOf(ObjectNotFoundException.class);
        }
    }
}
