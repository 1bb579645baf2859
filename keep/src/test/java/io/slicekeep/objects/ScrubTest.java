package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.FormatException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.scrub.ScrubListener.Finding;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubOptions.Depth;
import io.slicekeep.scrub.ScrubReport;
import io.slicekeep.testkit.Faults.Fault;
import io.slicekeep.testkit.HookedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScrubTest {
    private static final int INLINE = 5000;
    private static final int SLICED = 3_000_000;
    private static final ObjectName ONE = ObjectName.of("folder/one");
    private static final ObjectName TWO = ObjectName.of("two");

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> cursors = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Depth.class)
    void whatIsWholeIsCountedSo(Depth depth) throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            ScrubReport report = scrub(sites, depth, false);
            assertThat(report.whole()).isTrue();
            assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(6, 2L));
            assertThat(report.counts().unreached()).isZero();
            assertThat(findings).isEmpty();
            assertThat(report.secondsToWhole()).contains(0.0);
        }
    }

    @Test
    void tombstonesAreNoObjects() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            sites.objects().delete(ONE);
            ScrubReport report = scrub(sites, Depth.DEEP, false);
            assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(6, 1L));
            assertThat(report.counts().deleted()).isEqualTo(1);
        }
    }

    @Test
    void rotIsFoundBySiteAndLeftAlone() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            sites.rot(1, "b/");
            sites.rot(4, "h/");
            assertThat(scrub(sites, Depth.LIGHT, false).whole()).isTrue();
            ScrubReport report = scrub(sites, Depth.DEEP, true);
            assertThat(report.rotten()).isEqualTo(Map.of("b", 1L, "e", 2L));
            assertThat(report.missing()).isEmpty();
            assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(4, 1L, 5, 1L));
            assertThat(report.inDanger()).isEqualTo(1);
            assertThat(report.nextToDanger()).isEqualTo(1);
            assertThat(report.counts().forKeys()).isEqualTo(2);
            assertThat(report.counts().rebuiltSlices()).isZero();
            assertThat(report.secondsToWhole()).isEmpty();
            assertThat(sites.count(HookedStore.Call.DELETE)).isZero();
        }
    }

    /** Planted bug 33, where a commit fails: what stands then may be what another put. */
    @Test
    void whatAnotherRepairPutIsNotDeleted() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
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
            scrub(sites, Depth.LIGHT, true);
            assertThat(sites.bytes(3, key)).isEqualTo(right);
            assertThat(sites.count(HookedStore.Call.DELETE)).isZero();
        }
    }

    /** Planted bug 33: whoever has no keys deletes nothing. */
    @ParameterizedTest
    @EnumSource(Depth.class)
    void missingSlicesAreRebuiltByteForByteAndNothingIsDeleted(Depth depth) throws IOException {
        for (int first = 0; first < 6; first++) {
            int second = (first + 2) % 6;
            try (Sites sites = filled(Profile.of(4, 2))) {
                BlobKey one = sites.keys(first, "b/").get(0);
                BlobKey two = sites.keys(second, "b/").get(0);
                byte[] firstSlice = sites.bytes(first, one);
                byte[] secondSlice = sites.bytes(second, two);
                sites.delete(first, one);
                sites.delete(second, two);
                ScrubReport report = scrub(sites, depth, true);
                assertThat(report.counts().rebuiltSlices()).isEqualTo(2);
                assertThat(report.counts().lackingSlices()).isZero();
                assertThat(findings.get(0).mended()).hasSize(2);
                assertThat(Arrays.equals(sites.bytes(first, one), firstSlice)).isTrue();
                assertThat(Arrays.equals(sites.bytes(second, two), secondSlice)).isTrue();
                assertThat(sites.count(HookedStore.Call.DELETE)).isZero();
                assertThat(scrub(sites, Depth.DEEP, false).whole()).isTrue();
            }
        }
    }

    /** Four slices for one, and for two: what is read for each byte that is rebuilt. */
    @Test
    void slicesOfAStripeAreRebuiltInOnePass() throws IOException {
        for (int losses = 1; losses <= 2; losses++) {
            try (Sites sites = filled(Profile.of(4, 2))) {
                long sliceBytes = sites.bytes(0, sites.keys(0, "b/").get(0)).length;
                for (int site = 0; site < losses; site++) {
                    sites.delete(site, sites.keys(site, "b/").get(0));
                }
                long before = readBytes(sites);
                scrub(sites, Depth.LIGHT, true);
                double perByte = (double) (readBytes(sites) - before) / (losses * sliceBytes);
                assertThat(perByte).isBetween(4.0 / losses, 4.1 / losses);
            }
        }
    }

    @Test
    void whatNoHeadNamesIsNotRebuilt() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            for (int site = 0; site < 6; site++) {
                String version = version(sites.keys(site, "b/").get(0));
                for (BlobKey key : sites.keys(site, "h/")) {
                    if (key.value().contains(version)) {
                        sites.delete(site, key);
                    }
                }
            }
            sites.delete(0, sites.keys(0, "b/").get(0));
            ScrubReport report = scrub(sites, Depth.DEEP, true);
            assertThat(report.counts().unreached()).isEqualTo(1);
            assertThat(report.counts().rebuiltSlices()).isZero();
            assertThat(sites.keys(0, "b/")).isEmpty();
        }
    }

    @Test
    void nothingIsRebuiltFromALieWhereOneSiteMayLie() throws IOException {
        try (Sites sites = filled(new Profile(4, 4, 1, 1))) {
            BlobKey lost = sites.keys(7, "b/").get(0);
            byte[] slice = sites.bytes(7, lost);
            sites.delete(7, lost);
            LiarTest.forge(sites, 2);
            assertThat(scrub(sites, Depth.LIGHT, true).counts().rebuiltSlices()).isEqualTo(1);
            assertThat(Arrays.equals(sites.bytes(7, lost), slice)).isTrue();
        }
    }

    @Test
    void whereSlicesContradictEachOtherItIsLeftToWhoHasTheKeys() throws IOException {
        try (Sites sites = filled(new Profile(4, 4, 1, 1))) {
            sites.delete(7, sites.keys(7, "b/").get(0));
            LiarTest.forge(sites, 2);
            LiarTest.forge(sites, 3);
            ScrubReport report = scrub(sites, Depth.LIGHT, true);
            assertThat(report.counts().rebuiltSlices()).isZero();
            assertThat(report.counts().forKeys()).isEqualTo(1);
            assertThat(findings.get(0).bad().get("h")).contains("only who has the keys can tell");
            assertThat(sites.keys(7, "b/")).isEmpty();
        }
    }

    @Test
    void aRecordThatOneSiteInventsIsNotBelieved() throws IOException {
        try (Sites sites = filled(new Profile(4, 4, 1, 1))) {
            sites.put(ONE, Sites.bytes(SLICED, 9));
            for (int site = 1; site < 8; site++) {
                for (BlobKey key : sites.keys(site, "h/")) {
                    if (key.equals(sites.keys(0, "h/").get(0))) {
                        sites.delete(site, key);
                    }
                }
            }
            assertThat(scrub(sites, Depth.DEEP, true).counts().unproven()).isEqualTo(1);
        }
    }

    @Test
    void aSiteThatIsAwayIsSaidOnce() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            sites.away(3);
            ScrubReport report = scrub(sites, Depth.DEEP, true);
            assertThat(report.away()).containsOnlyKeys("d");
            assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(5, 2L));
            assertThat(findings).isEmpty();
            assertThat(report.counts().forKeys()).isZero();
        }
    }

    @Test
    void sitesThatAreAwayAreNoLoss() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            for (int site = 3; site < 6; site++) {
                sites.away(site);
            }
            for (Depth depth : Depth.values()) {
                ScrubReport report = scrub(sites, depth, true);
                assertThat(report.belowNeeded()).isZero();
                assertThat(report.readable()).isFalse();
                assertThat(report.whole()).isFalse();
                assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(3, 2L));
            }
        }
    }

    @Test
    void whatFewerThanKSitesCanHaveIsLost() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            for (int site = 3; site < 6; site++) {
                sites.delete(site, sites.keys(site, "b/").get(0));
            }
            assertThat(scrub(sites, Depth.LIGHT, false).belowNeeded()).isEqualTo(1);
            sites.away(0);
            assertThat(scrub(sites, Depth.LIGHT, false).belowNeeded()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    void oneStraySliceDoesNotMakeAnInlineObjectLost(Depth depth) throws IOException {
        try (Sites sites = new Sites(new Profile(4, 4, 1, 1))) {
            sites.put(TWO, Sites.bytes(INLINE, 2));
            String head = sites.keys(0, "h/").get(0).value();
            int end = head.indexOf('!');
            String slice = head.substring(0, end).replace("/h/", "/b/") + head.substring(end, end + 28) + ".00/0";
            sites.overwrite(0, BlobKey.of(slice), new byte[1]);
            ScrubReport report = scrub(sites, depth, true);
            assertThat(report.whole()).isTrue();
            assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(8, 1L));
        }
    }

    @Test
    void keysThatAreNoRecordsDoNotEndAScrub() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            String folder = sites.keys(0, "h/").get(0).value();
            folder = folder.substring(0, folder.indexOf("/h/"));
            for (String stray :
                    List.of("h/x/!y", "b/x/!y", "h/!y", "h/no", "h/" + "x".repeat(249) + "!", "h/one!~~~")) {
                sites.overwrite(1, BlobKey.of(folder + "/" + stray), new byte[1]);
            }
            assertThat(scrub(sites, Depth.DEEP, true).versionsByWholeSlices()).isEqualTo(Map.of(6, 2L));
            for (String cursor : List.copyOf(cursors)) {
                sites.scrub(new ScrubOptions(Depth.LIGHT, false, cursor, 0), findings, cursors);
            }
        }
    }

    /** One site lists one name without end. */
    @Test
    void whatIsListedOfANameIsBounded() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            String head = sites.keys(1, "h/").get(0).value();
            String name = head.substring(0, head.indexOf('!') + 1);
            for (int i = 0; i < 12_000; i++) {
                sites.overwrite(1, BlobKey.of(name + "z" + i), new byte[0]);
            }
            ScrubReport report = scrub(sites, Depth.LIGHT, false);
            assertThat(report.versionsByWholeSlices()).isEqualTo(Map.of(6, 2L));
            assertThat(cursors).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void aRecordThatIsTooLongIsNotWaitedFor() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            BlobKey head = sites.keys(1, "h/").get(0);
            sites.delete(1, head);
            sites.overwrite(1, head, new byte[3_000_000]);
            ScrubReport report = sites.scrub(new ScrubOptions(Depth.DEEP, false, "", 100_000_000), findings, cursors);
            assertThat(report.rotten()).isEqualTo(Map.of("b", 1L));
            assertThat(report.counts().bytesRead()).isLessThan(2 * 3_000_000 * 6 / 4);
        }
    }

    @Test
    void whatIsNoCursorOfThisKeepIsRefused() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            String namespace = "0".repeat(32);
            for (String text : List.of(
                    "~~~/",
                    "zzz/zzz",
                    namespace,
                    namespace + "/",
                    namespace + "/a//b",
                    namespace + "/a!b",
                    namespace + "/ü",
                    namespace + "/a b",
                    "x" + namespace + "/a",
                    namespace + "/" + "x".repeat(900))) {
                assertThatThrownBy(() -> sites.scrub(new ScrubOptions(Depth.LIGHT, false, text, 0), findings, cursors))
                        .as(text)
                        .isInstanceOf(FormatException.class);
            }
        }
    }

    @Test
    void aScrubGoesOnWhereAnotherStopped() throws IOException {
        try (Sites sites = filled(Profile.of(4, 2))) {
            for (int i = 0; i < 5; i++) {
                sites.put(ObjectName.of("folder/x" + i), Sites.bytes(INLINE, i));
            }
            scrub(sites, Depth.LIGHT, false);
            List<String> all = List.copyOf(cursors);
            assertThat(all).hasSize(7).doesNotHaveDuplicates();
            for (int done = 0; done < 7; done++) {
                cursors.clear();
                sites.scrub(new ScrubOptions(Depth.LIGHT, false, all.get(done), 0), findings, cursors);
                assertThat(cursors).isEqualTo(all.subList(done + 1, 7));
            }
        }
    }

    private static Sites filled(Profile profile) throws IOException {
        Sites sites = new Sites(profile);
        sites.put(ONE, Sites.bytes(SLICED, 1));
        sites.put(TWO, Sites.bytes(INLINE, 2));
        return sites;
    }

    private ScrubReport scrub(Sites sites, Depth depth, boolean repair) throws IOException {
        findings.clear();
        cursors.clear();
        return sites.scrub(new ScrubOptions(depth, repair, "", 0), findings, cursors);
    }

    private static long readBytes(Sites sites) {
        long bytes = 0;
        for (int site = 0; site < 6; site++) {
            bytes += sites.hook(site).readBytes();
        }
        return bytes;
    }

    private static String version(BlobKey slice) {
        String text = slice.value();
        return text.substring(text.indexOf('!') + 1, text.indexOf('.'));
    }
}
