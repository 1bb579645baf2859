package io.slicekeep.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Quorums;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of docs/PROTOCOLS.md 5, one by one, on what sites show. */
class VerdictTest {
    /** k = 4, W = R = 5: two sites without a revision prove that it was not acknowledged. */
    private static final Profile SIX = Profile.of(4, 2);

    /** k = 4, f = 1, W = R = 7 of 8: three. */
    private static final Profile LIARS = new Profile(4, 4, 1, 1);

    private static final EncodedName NAME = new EncodedName("n");

    private final Caught caught = new Caught();

    @Test
    void nothingInSightIsAbsent() {
        assertThat(judge(SIX, RecordKind.INLINE, "", "", "", "", "")).isEqualTo(new Verdict.Absent());
    }

    @Test
    void whatStandsOnAQuorumIsCurrent() {
        assertThat(judge(SIX, RecordKind.INLINE, "1", "1", "1", "1", "1")).isEqualTo(current(1, 0, 1, 2, 3, 4));
    }

    @Test
    void theNewestOfSeveralIsCurrent() {
        assertThat(judge(SIX, RecordKind.INLINE, "21", "21", "21", "21", "1")).isEqualTo(current(2, 0, 1, 2, 3));
    }

    @Test
    void aRevisionThatTooManySitesLackIsPassedBy() {
        assertThat(judge(SIX, RecordKind.INLINE, "21", "21", "21", "1", "1")).isEqualTo(current(1, 0, 1, 2, 3, 4));
        assertThat(judge(SIX, RecordKind.INLINE, "2", "2", "2", "2", "", "")).isEqualTo(new Verdict.Absent());
    }

    /** Planted bug 5: taking the next older one when fewer than k copies are in sight. */
    @Test
    void tooFewCopiesAloneDoNotPassARevisionBy() {
        assertThat(judge(SIX, RecordKind.INLINE, "21", "21", "21", "3", "1")).isEqualTo(open(2, 0, 1, 2));
    }

    /** Planted bug 6: counting a site that shows only newer ones as lacking an older one. */
    @Test
    void aSiteThatShowsOnlyNewerOnesDoesNotLackTheOlder() {
        assertThat(judge(SIX, RecordKind.INLINE, "2", "2", "1", "1", "1")).isEqualTo(open(1, 2, 3, 4));
    }

    /** Between 4+2 and 3+3, of which two sites and three lack what was not acknowledged, a revision is judged by its own k. */
    @Test
    void aRevisionTellsByWhichCountItIsJudged() {
        Profile next = Profile.of(3, 3);
        Layout joint = layout(SIX).joint(next, Optional.empty(), Optional.empty(), 2);
        assertThat(judge(joint, next, RecordKind.INLINE, "2", "2", "2", "1", "1", ""))
                .isEqualTo(new Verdict.Absent());
        assertThat(judge(joint, next, RecordKind.INLINE, "2", "2", "2", "", "")).isEqualTo(current(2, 0, 1, 2));
        assertThat(judge(joint, SIX, RecordKind.INLINE, "2", "2", "2", "", "")).isEqualTo(new Verdict.Absent());
        assertThat(judge(joint, SIX, RecordKind.INLINE, "2", "2", "2", "2", "")).isEqualTo(current(2, 0, 1, 2, 3));
        assertThat(judge(joint, SIX, RecordKind.INLINE, "2", "2", "2", "")).isEqualTo(open(2, 0, 1, 2));
    }

    /** What died half-way is either given back or passed by when all sites answer, whichever k it has. */
    @ParameterizedTest
    @CsvSource({
        "4+2, 3+3",
        "3+3, 4+2",
        "2+2, 3+1",
        "3+1, 2+2",
        "2+4, 4+2",
        "4+2, 2+4",
        "'4+2,f=1', 3+3",
        "3+3, '4+2,f=1'"
    })
    void allSitesDecideBetweenTwoKs(String before, String after) {
        Profile old = Profile.parse(before);
        Profile now = Profile.parse(after);
        Layout joint = layout(old).joint(now, Optional.empty(), Optional.empty(), 2);
        for (Profile sliced : List.of(old, now)) {
            for (RecordKind kind : RecordKind.values()) {
                for (int holding = 0; holding < 1 << old.sites(); holding++) {
                    Views views = new Views(List.of());
                    for (int site = 0; site < old.sites(); site++) {
                        views.add(view(site, sliced, kind, (holding >> site & 1) == 1 ? "2" : ""));
                    }
                    assertThat(Verdict.withinDeadline(views, caught, joint))
                            .as("%s %s %x", sliced, kind, holding)
                            .isNotInstanceOf(Verdict.Open.class);
                }
            }
        }
    }

    private Verdict judge(Layout layout, Profile sliced, RecordKind kind, String... shown) {
        return Verdict.withinDeadline(views(sliced, kind, shown), caught, layout);
    }

    private static Views views(Profile sliced, RecordKind kind, String... shown) {
        Views views = new Views(List.of());
        for (int site = 0; site < shown.length; site++) {
            views.add(view(site, sliced, kind, shown[site]));
        }
        return views;
    }

    /** Two writes that were never acknowledged leave nothing undecided when all sites answer. */
    @Test
    void allSitesDecideWhateverWasWrittenHalf() {
        List<String> shown = List.of("", "1", "2", "21");
        for (int which = 0; which < 1 << 12; which++) {
            Views views = new Views(List.of());
            for (int site = 0; site < 6; site++) {
                views.add(view(site, SIX, RecordKind.INLINE, shown.get((which >> (2 * site)) & 3)));
            }
            assertThat(Verdict.withinDeadline(views, caught, layout(SIX)))
                    .as("%x", which)
                    .isNotInstanceOf(Verdict.Open.class);
        }
        assertThat(judge(SIX, RecordKind.INLINE, "2", "2", "1", "1", "1", "")).isEqualTo(open(1, 2, 3, 4));
    }

    /** It was acknowledged, so the sites that lack it have lost it: to say that there is none would hide the loss. */
    @Test
    void whatIsNotedIsNeverPassedByHoweverManyLackIt() {
        assertThat(judge(SIX, RecordKind.INLINE, "1!", "", "", "", "", "")).isEqualTo(open(1, 0));
        assertThat(judge(SIX, RecordKind.INLINE, "1!", "1", "1", "1", "", "")).isEqualTo(current(1, 0, 1, 2, 3));
        assertThat(judge(SIX, RecordKind.SLICED, "1!", "", "", "", "", "")).isEqualTo(current(1, 0));
        assertThat(judge(SIX, RecordKind.INLINE, "1", "", "", "", "", "")).isEqualTo(new Verdict.Absent());
        assertThat(judge(SIX, RecordKind.TOMBSTONE, "1!", "", "", "", "", "")).isEqualTo(new Verdict.Absent());
    }

    /** What was purged may come back at f sites, with its note. */
    @Test
    void whatOneSiteReplaysWithItsNoteIsPassedBy() {
        assertThat(judge(LIARS, RecordKind.INLINE, "1!", "", "", "", "", "", "", ""))
                .isEqualTo(new Verdict.Absent());
        assertThat(judge(LIARS, RecordKind.INLINE, "1!", "1", "", "", "", "", "", ""))
                .isEqualTo(open(1, 0, 1));
    }

    /** Beyond the end of a listing may stand what it does not show. */
    @Test
    void aListingThatWasCutShortAboveARevisionDoesNotLackIt() {
        Views views = new Views(List.of());
        for (int site = 0; site < 2; site++) {
            views.add(new SiteView(site, view(site, SIX, RecordKind.INLINE, "2").records(), Set.of(), false));
        }
        for (int site = 2; site < 6; site++) {
            views.add(view(site, SIX, RecordKind.INLINE, "1"));
        }
        assertThat(Verdict.withinDeadline(views, caught, layout(SIX))).isEqualTo(current(1, 2, 3, 4, 5));
    }

    /** Planted bug 10: one copy is enough though f = 1. */
    @Test
    void oneCopyIsNotEnoughWhereOneSiteMayLie() {
        Profile profile = new Profile(2, 3, 1, 1);
        assertThat(profile.absenceThreshold()).isEqualTo(3);
        for (RecordKind kind : List.of(RecordKind.SLICED, RecordKind.TOMBSTONE)) {
            assertThat(judge(profile, kind, "2", "", "")).isEqualTo(open(2, 0));
            assertThat(judge(profile, kind, "2", "2", "")).isEqualTo(current(2, 0, 1));
        }
    }

    /** Planted bug 21: a threshold without f, which one site that hides a revision could reach. */
    @Test
    void theThresholdCountsSitesThatMayHide() {
        assertThat(LIARS.absenceThreshold()).isEqualTo(3);
        assertThat(judge(LIARS, RecordKind.INLINE, "1", "1", "1", "1", "1", "", ""))
                .isEqualTo(current(1, 0, 1, 2, 3, 4));
        assertThat(judge(LIARS, RecordKind.INLINE, "1", "1", "1", "1", "", "", ""))
                .isEqualTo(new Verdict.Absent());
    }

    @Test
    void aSiteThatWasCaughtNeitherShowsNorLacksAndLowersTheThreshold() {
        caught.prove(revision(1), 0, new IntegrityException("test"));
        assertThat(judge(LIARS, RecordKind.INLINE, "1", "1", "1", "1", "1", "1", ""))
                .isEqualTo(current(1, 1, 2, 3, 4, 5));
        assertThat(judge(LIARS, RecordKind.INLINE, "1", "1", "1", "1", "1", "", ""))
                .isEqualTo(new Verdict.Absent());
    }

    /** Sites 1 to 7 acknowledged the write; site 1 served a bad copy of it and then came back with old data. */
    @Test
    void aSiteThatWasCaughtAndThenHidesDoesNotCountTwice() {
        caught.prove(revision(2), 1, new IntegrityException("test"));
        assertThat(judge(LIARS, RecordKind.INLINE, "1", "1", "21", "21", "21", "21", "21", "21"))
                .isEqualTo(current(2, 2, 3, 4, 5, 6, 7));
    }

    @Test
    void atMostFCaughtSitesLowerTheThreshold() {
        caught.prove(revision(1), 0, new IntegrityException("test"));
        caught.prove(revision(1), 1, new IntegrityException("test"));
        assertThat(judge(LIARS, RecordKind.INLINE, "1", "1", "1", "1", "1", "1", ""))
                .isEqualTo(current(1, 2, 3, 4, 5));
        assertThat(judge(SIX, RecordKind.INLINE, "1", "1", "1", "1", "")).isEqualTo(open(1, 2, 3));
    }

    /** Else one liar and one unreachable site would be taken for one fault, and a newer version passed by. */
    @Test
    void onlyBadOrMissingCopiesLowerTheThreshold() {
        Map<IOException, Integer> faults = Map.of(
                new IntegrityException("test"), 1,
                new FormatException(FormatException.Kind.CORRUPT, "test"), 1,
                new BlobNotFoundException("test"), 1,
                new FormatException(FormatException.Kind.TOO_NEW, "test"), 0,
                new UnavailableException("test"), 0,
                new IOException("test"), 0);
        faults.forEach((why, count) -> {
            Caught one = new Caught();
            one.suspect(revision(2), 0, why);
            one.suspect(revision(2), 0, why);
            assertThat(one.at(revision(2))).containsExactly(0);
            assertThat(one.faultyAt(revision(2))).as("%s", why).hasSize(count);
            assertThat(judge(LIARS, one, RecordKind.INLINE, "2", "2", "2", "2", "2", "1", "1"))
                    .as("%s", why)
                    .isEqualTo(count == 1 ? open(1, 5, 6) : current(2, 1, 2, 3, 4));
        });
    }

    @Test
    void aSiteIsCaughtWhenItFailsToServeTwice() {
        caught.suspect(revision(1), 3, new IntegrityException("test"));
        assertThat(caught.at(revision(1))).isEmpty();
        assertThat(caught.against(revision(1), 3)).isNotNull();
        caught.suspect(revision(1), 3, new IntegrityException("test"));
        assertThat(caught.at(revision(1))).containsExactly(3);
        assertThat(caught.at(revision(2))).isEmpty();
    }

    @Test
    void aListingThatWasNotReadToItsEndProvesNoAbsence() {
        Views views = new Views(List.of());
        for (int site = 0; site < 5; site++) {
            views.add(new SiteView(site, List.of(), Set.of(), site > 0));
        }
        assertThat(Verdict.of(views, caught, layout(SIX))).isEqualTo(new Verdict.CutShort());
    }

    @Test
    void oneSiteAloneDecides() {
        Profile one = Profile.of(1, 0);
        assertThat(judge(one, RecordKind.INLINE, "21")).isEqualTo(current(2, 0));
        assertThat(judge(one, RecordKind.INLINE, "")).isEqualTo(new Verdict.Absent());
    }

    /**
     * Every acknowledged write is met, whatever any R sites show: for all ways in which W sites hold revision 2, the others
     * an older one or nothing, and up to f of those asked hide what they have, the verdict is never older. Nor is it by
     * few sites, though the older one is noted everywhere.
     */
    @Test
    void noReadingOfAnyRSitesPassesAnAcknowledgedWriteBy() {
        for (Profile profile :
                List.of(SIX, LIARS, Profile.of(2, 1), new Profile(4, 2, 1, 1), new Profile(2, 3, 1, 1))) {
            int sites = profile.sites();
            for (int holding = 0; holding < 1 << sites; holding++) {
                for (int asked = 0; asked < 1 << sites; asked++) {
                    boolean acknowledged = Integer.bitCount(holding) == profile.writeQuorum();
                    if (acknowledged && Integer.bitCount(asked) == profile.readQuorum()) {
                        assertNeverOlder(profile, holding, asked);
                    }
                    if (acknowledged && Integer.bitCount(asked) == profile.absenceThreshold()) {
                        assertNotKnown(profile, holding, asked);
                    }
                }
            }
        }
    }

    /**
     * The same while site 1 leaves and site n comes, for writes acknowledged before by W of the old sites, meanwhile by both
     * counts, and after by W of the new; with up to f faults among the old sites and among the new, the lost one included.
     * Planted bug 44: absent by one count only.
     */
    @ParameterizedTest
    @ValueSource(strings = {"4+2", "4+2,f=1", "4+2,f=1,away=0", "3+1", "2+3,f=1,away=1", "2+4,f=2,away=0"})
    void noReadingByBothCountsPassesAWriteOfAnyEpochBy(String text) {
        Profile profile = Profile.parse(text);
        for (Departure departure : Departure.values()) {
            new JointModel(profile, profile, Optional.of(departure), true).check();
        }
    }

    /** The same where a site is added, or one removed, or only the profile changes. */
    @ParameterizedTest
    @CsvSource({
        "4+2, 4+3",
        "2+1, 2+2",
        "3+1, '3+2,f=1,away=0'",
        "'4+2,f=1', '4+3,f=1'",
        "'2+3,f=1,away=1', '2+4,f=0,away=3'",
        "4+3, 4+2",
        "'4+3,f=1,away=1', '4+2,f=1,away=0'",
        "2+4, 2+3",
        "'3+2,f=0,away=1', '3+1'",
        "4+2, '4+2,f=1'",
        "'4+2,f=1', '4+2,f=0,away=1'",
        "'4+2,f=0,away=1', '4+2,f=0,away=0'",
        "4+2, 3+3",
        "3+3, 4+2",
        "2+2, 3+1",
        "3+1, 2+2",
        "'4+2,f=1', '2+4,f=2,away=0'",
        "'2+4,f=1,away=1', 4+2"
    })
    void noReadingBetweenTwoProfilesPassesAWriteOfAnyEpochBy(String before, String after) {
        Profile old = Profile.parse(before);
        Profile now = Profile.parse(after);
        if (old.sites() <= now.sites()) {
            new JointModel(old, now, Optional.empty(), old.sites() < now.sites()).check();
        } else {
            for (Departure departure : Departure.values()) {
                new JointModel(old, now, Optional.of(departure), false).check();
            }
        }
    }

    /** The same where a site was lost while all was sliced anew, and another takes its place. */
    @ParameterizedTest
    @CsvSource({
        "4+2, 3+3",
        "3+3, 4+2",
        "2+2, 3+1",
        "3+1, 2+2",
        "'4+2,f=1', '2+4,f=2,away=0'",
        "'3+3,f=0,away=1', '4+2,f=1'"
    })
    void noReadingPassesAWriteByAfterALossBetweenTwoKs(String before, String after) {
        new JointModel(Profile.parse(before), Profile.parse(after), Optional.of(Departure.LOST), true).check();
    }

    /** Sets of sites are the bits of a number. */
    private static final class JointModel {
        private static final int LEAVING = 1;

        private final Profile profile;
        private final Profile next;
        private final Layout joint;

        /** What held before a site was lost while all was sliced anew. */
        private final Optional<Quorums> reslicing;

        private final int sites;
        private final int old;
        private final int now;
        private final int lost;

        JointModel(Profile profile, Profile next, Optional<Departure> departure, boolean coming) {
            int n = profile.sites();
            Optional<Leaving> leaving = departure.map(how -> new Leaving(LEAVING, how));
            int slice = departure.isPresent() ? LEAVING : n;
            Site site = new Site(n, slice, "g", new AwayStore("not called"));
            this.profile = profile;
            this.next = next;
            this.joint = layout(profile).joint(next, leaving, coming ? Optional.of(site) : Optional.empty(), 2);
            this.reslicing = profile.dataSlices() == next.dataSlices()
                    ? Optional.empty()
                    : Optional.of(layout(profile)
                            .joint(next, Optional.empty(), Optional.empty(), 2)
                            .quorums());
            this.sites = n + (coming ? 1 : 0);
            this.old = (1 << n) - 1;
            this.now = ((1 << sites) - 1) & ~(departure.isPresent() ? 1 << LEAVING : 0);
            this.lost = departure.equals(Optional.of(Departure.LOST)) ? 1 << LEAVING : 0;
        }

        void check() {
            int[] answering = sets().filter(this::isLeastAnswer).toArray();
            int[] few =
                    sets().filter(set -> isLeast(set, joint.quorums()::meets)).toArray();
            int[] faulty = sets().filter(this::mayBeFaulty).toArray();
            if (lost == 0 && profile.dataSlices() != next.dataSlices()) {
                checkThoseWhoLag(faulty);
            }
            for (Profile sliced :
                    profile.dataSlices() == next.dataSlices() ? List.of(profile) : List.of(profile, next)) {
                for (int holding :
                        sets().filter(set -> isLeastWrite(set, sliced)).toArray()) {
                    for (int lying : faulty) {
                        for (int asked : answering) {
                            check(views(sliced, holding, asked, lying), what(holding, asked, lying));
                        }
                        for (int asked : few) {
                            assertThat(Verdict.known(views(sliced, holding, asked, lying), joint))
                                    .as(what(holding, asked, lying))
                                    .isEmpty();
                        }
                    }
                }
            }
        }

        /** Who has not heard of the change yet meets what others have put by the next k, and must not pass it by. */
        private void checkThoseWhoLag(int[] faulty) {
            Layout before = layout(profile);
            int[] asked = sets().filter(set -> isLeast(set, before.quorums()::answered))
                    .toArray();
            for (int holding :
                    sets().filter(set -> isLeast(set, joint.quorums()::written)).toArray()) {
                for (int answering : asked) {
                    for (int lying : faulty) {
                        Verdict verdict =
                                Verdict.withinDeadline(views(next, holding, answering, lying), new Caught(), before);
                        assertThat(verdict)
                                .as(what(holding, answering, lying))
                                .isIn(current(2, seen(verdict)), open(2, seen(verdict)));
                    }
                }
            }
        }

        private static Integer[] seen(Verdict verdict) {
            List<Integer> seen = verdict instanceof Verdict.Current current
                    ? current.seen()
                    : verdict instanceof Verdict.Open open ? open.seen() : List.of();
            return seen.toArray(Integer[]::new);
        }

        private String what(int holding, int asked, int lying) {
            return String.format("%s holding %x asked %x lying %x lost %x", profile, holding, asked, lying, lost);
        }

        private IntStream sets() {
            return IntStream.range(0, 1 << sites);
        }

        /** Before the change nothing is sliced by the next k, and after it nothing by the former. */
        private boolean isLeastWrite(int set, Profile sliced) {
            boolean byOld = sliced.dataSlices() == profile.dataSlices()
                    && (set & ~old) == 0
                    && Integer.bitCount(set) == profile.writeQuorum();
            boolean byNew = sliced.dataSlices() == next.dataSlices()
                    && (set & ~now) == 0
                    && Integer.bitCount(set) == next.writeQuorum();
            boolean byBoth = (set & ~old) == 0
                    && reslicing
                            .filter(quorums -> isLeast(set, 0, quorums::written))
                            .isPresent();
            return byOld || byBoth || byNew || isLeast(set, joint.quorums()::written);
        }

        private boolean isLeastAnswer(int set) {
            return isLeast(set, joint.quorums()::answered);
        }

        private boolean isLeast(int set, Predicate<List<Integer>> enough) {
            return isLeast(set, lost, enough);
        }

        private static boolean isLeast(int set, int without, Predicate<List<Integer>> enough) {
            return (set & without) == 0
                    && enough.test(list(set))
                    && list(set).stream().noneMatch(site -> enough.test(list(set & ~(1 << site))));
        }

        private boolean mayBeFaulty(int set) {
            int allowed = Math.max(profile.faults(), Integer.bitCount(lost));
            return (set & lost) == lost
                    && Integer.bitCount(set & old) <= allowed
                    && Integer.bitCount(set & now) <= next.faults();
        }

        private void check(Views views, String what) {
            assertThat(Verdict.withinDeadline(views, new Caught(), joint))
                    .as(what)
                    .matches(verdict -> verdict instanceof Verdict.Current current
                            && current.revision().equals(revision(2)));
        }

        private Views views(Profile sliced, int holding, int asked, int lying) {
            Views views = new Views(List.of());
            for (int site : list(asked)) {
                views.add(view(site, sliced, RecordKind.INLINE, (holding & ~lying & (1 << site)) != 0 ? "21!" : "1!"));
            }
            return views;
        }

        private static List<Integer> list(int set) {
            return IntStream.range(0, Integer.SIZE)
                    .filter(i -> (set >> i & 1) == 1)
                    .boxed()
                    .toList();
        }
    }

    @Test
    void fewSitesTellWhatIsNoted() {
        assertThat(known(SIX, "1!", "1")).contains(current(1, 0, 1));
        assertThat(known(SIX, "1!", "")).contains(current(1, 0));
        assertThat(known(SIX, "", "")).contains(new Verdict.Absent());
        assertThat(known(SIX, "1!")).isEmpty();
        assertThat(known(SIX, "1", "1")).isEmpty();
        assertThat(known(SIX, "1!", "21!")).isEmpty();
        assertThat(known(SIX, "2", "2!1!")).contains(current(2, 0, 1));
    }

    /** Planted bug 11: a liar replays a record and its note, which were purged everywhere else. */
    @Test
    void aNotedRecordThatNoMoreShowThanMayLieIsNotBelieved() {
        assertThat(known(LIARS, "1!", "", "")).isEmpty();
        assertThat(known(LIARS, "1!", "1", "")).contains(current(1, 0, 1));
        assertThat(known(LIARS, "1!", "1!")).isEmpty();
    }

    @Test
    void aNoteWithoutItsRecordIsIgnored() {
        Views views = new Views(List.of());
        views.add(new SiteView(0, List.of(), Set.of(revision(1)), true));
        views.add(view(1, SIX, RecordKind.INLINE, "1"));
        assertThat(Verdict.known(views, layout(SIX))).isEmpty();
        views.add(view(2, SIX, RecordKind.INLINE, "1!"));
        assertThat(Verdict.known(views, layout(SIX))).contains(current(1, 1, 2));
    }

    @Test
    void fewSitesWhoseListingsWereCutShortTellNothing() {
        Views views = new Views(List.of());
        views.add(new SiteView(0, List.of(), Set.of(), false));
        views.add(new SiteView(1, List.of(), Set.of(), true));
        assertThat(Verdict.known(views, layout(SIX))).isEmpty();
    }

    private void assertNeverOlder(Profile profile, int holding, int asked) {
        forEachLie(
                profile,
                holding,
                asked,
                (views, which) -> assertThat(Verdict.of(views, new Caught(), layout(profile)))
                        .as(which)
                        .matches(verdict -> verdict instanceof Verdict.Current current
                                && current.revision().equals(revision(2))));
    }

    private void assertNotKnown(Profile profile, int holding, int asked) {
        forEachLie(
                profile,
                holding,
                asked,
                (views, which) -> assertThat(Verdict.known(views, layout(profile)))
                        .as(which)
                        .isEmpty());
    }

    private static void forEachLie(Profile profile, int holding, int asked, BiConsumer<Views, String> check) {
        for (int lying = 0; lying < 1 << profile.sites(); lying++) {
            if ((lying & ~asked) == 0 && Integer.bitCount(lying) <= profile.faults()) {
                Views views = new Views(List.of());
                for (int site = 0; site < profile.sites(); site++) {
                    if ((asked >> site & 1) == 1) {
                        boolean shows = ((holding & ~lying) >> site & 1) == 1;
                        views.add(view(site, profile, RecordKind.INLINE, shows ? "21!" : "1!"));
                    }
                }
                check.accept(views, profile + " holding " + holding + " asked " + asked + " lying " + lying);
            }
        }
    }

    private static Optional<Verdict> known(Profile profile, String... shown) {
        return Verdict.known(views(profile, RecordKind.INLINE, shown), layout(profile));
    }

    /** Judges what sites 0, 1, ... show: each digit a revision, noted if a ! follows. */
    private Verdict judge(Profile profile, RecordKind kind, String... shown) {
        return judge(profile, caught, kind, shown);
    }

    private static Verdict judge(Profile profile, Caught caught, RecordKind kind, String... shown) {
        return Verdict.of(views(profile, kind, shown), caught, layout(profile));
    }

    private static Layout layout(Profile profile) {
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            sites.add(new Site(i, "s" + i, new AwayStore("not called")));
        }
        return new Layout(profile, sites, 1);
    }

    private static SiteView view(int site, Profile profile, RecordKind kind, String shown) {
        List<ListedRecord> records = new ArrayList<>();
        Set<Revision> noted = new HashSet<>();
        for (int i = 0; i < shown.length(); i++) {
            if (shown.charAt(i) == '!') {
                noted.add(revision(shown.charAt(i - 1) - '0'));
            } else {
                Hints hints = new Hints(kind, profile.dataSlices(), 0, 0, 0, 0);
                records.add(new ListedRecord(BlobKey.of("x"), NAME, revision(shown.charAt(i) - '0'), hints));
            }
        }
        return new SiteView(site, records, noted, true);
    }

    private static Revision revision(int counter) {
        return new Revision(counter, WriterId.NONE, 0);
    }

    private static Verdict current(int counter, Integer... seen) {
        return new Verdict.Current(revision(counter), Arrays.asList(seen));
    }

    private static Verdict open(int counter, Integer... seen) {
        return new Verdict.Open(revision(counter), Arrays.asList(seen));
    }
}
