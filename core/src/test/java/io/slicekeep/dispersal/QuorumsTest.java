package io.slicekeep.dispersal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sets of sites are enough. In joint layouts of six members, member 1 leaves and site 6 comes. */
class QuorumsTest {
    private static final Profile SIX = Profile.of(4, 2);
    private static final Profile LIAR = Profile.parse("4+2,f=1");
    private static final int LEAVING = 1;

    @Test
    void membersAloneAreCountedOnce() {
        Quorums quorums = Quorums.of(LIAR);
        assertThat(quorums.written(List.of(0, 1, 2, 3, 5))).isTrue();
        assertThat(quorums.written(List.of(0, 1, 2, 3))).isFalse();
        assertThat(quorums.answered(List.of(0, 1, 2, 3, 4))).isFalse();
        assertThat(quorums.answered(List.of(0, 1, 2, 3, 4, 5))).isTrue();
        assertThat(quorums.absent(List.of(0, 1, 2), List.of())).isTrue();
        assertThat(quorums.absent(List.of(0, 1), List.of())).isFalse();
        assertThat(quorums.absent(List.of(0, 1), List.of(2))).isTrue();
        assertThat(quorums.absent(List.of(0), List.of(2, 3))).isFalse();
        assertThat(quorums.decided(List.of(0, 1, 2, 3))).isTrue();
        assertThat(quorums.decided(List.of(0, 1, 2))).isFalse();
        assertThat(quorums.undecided(List.of(0, 1, 2, 3))).isTrue();
        assertThat(quorums.undecided(List.of(0, 1, 2))).isFalse();
        assertThat(quorums.writers()).isEqualTo("5");
    }

    @Test
    void aJointSetMustBeEnoughByBothCounts() {
        Quorums quorums = joint(SIX, LEAVING, Departure.SERVING);
        assertThat(quorums.written(List.of(0, 1, 2, 3, 4))).as("4 of the new").isFalse();
        assertThat(quorums.written(List.of(0, 2, 3, 4, 6))).as("4 of the old").isFalse();
        assertThat(quorums.written(List.of(0, 1, 2, 3, 4, 6))).isTrue();
        assertThat(quorums.written(List.of(0, 2, 3, 4, 5))).as("neither").isTrue();
        assertThat(quorums.answered(List.of(0, 1, 2, 3, 4))).isFalse();
        assertThat(quorums.answered(List.of(0, 2, 3, 4, 6))).isFalse();
        assertThat(quorums.answered(List.of(0, 2, 3, 4, 5))).isTrue();
        assertThat(quorums.absent(List.of(0, 1), List.of())).isFalse();
        assertThat(quorums.absent(List.of(0, 6), List.of())).isFalse();
        assertThat(quorums.absent(List.of(0, 1, 6), List.of())).isTrue();
        assertThat(quorums.writers()).isEqualTo("5 of the old and 5 of the new");
    }

    @Test
    void aFaultLowersOnlyTheCountsItBelongsTo() {
        Quorums quorums = joint(LIAR, LEAVING, Departure.SERVING);
        assertThat(quorums.absent(List.of(0, 2), List.of(3))).isTrue();
        assertThat(quorums.absent(List.of(0, 2), List.of(LEAVING))).isFalse();
        assertThat(quorums.absent(List.of(0, 2), List.of(6))).isFalse();
    }

    @Test
    void aLostMemberUsesUpAFaultAndIsOneOfThoseAway() {
        Quorums quorums = joint(LIAR, LEAVING, Departure.LOST);
        assertThat(quorums.answered(List.of(0, 2, 3, 4, 5, 6))).isTrue();
        assertThat(quorums.answered(List.of(0, 2, 3, 4, 5))).isFalse();
        assertThat(quorums.absent(List.of(0, 2), List.of())).as("by the new").isFalse();
        assertThat(quorums.absent(List.of(0, 2, 6), List.of())).isTrue();
        assertThat(quorums.absent(List.of(0, 6, LEAVING), List.of()))
                .as("it lacks nothing")
                .isFalse();
        assertThat(quorums.written(List.of(0, 2, 3, 4, 6))).isTrue();
        assertThat(quorums.written(List.of(0, 2, 3, 6, LEAVING)))
                .as("it holds nothing")
                .isFalse();
    }

    @Test
    void withoutFaultsToSpareALossOnlyMakesReadsAskAll() {
        Quorums quorums = joint(SIX, LEAVING, Departure.LOST);
        assertThat(quorums.answered(List.of(0, 2, 3, 4, 5))).isTrue();
        assertThat(quorums.answered(List.of(0, 2, 3, 4, 6))).isFalse();
        assertThat(quorums.answered(List.of(0, LEAVING, 2, 3, 4, 6)))
                .as("the lost one answers nobody")
                .isFalse();
        assertThat(quorums.absent(List.of(0, 2), List.of())).isTrue();
        assertThat(quorums.absent(List.of(0), List.of())).isFalse();
    }

    @Test
    void aLossThatMayTakeWritesAlongIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> joint(Profile.parse("4+2,f=0,away=2"), LEAVING, Departure.LOST))
                .withMessageContaining("what a write acknowledged may be lost with the site");
        assertThatIllegalArgumentException().isThrownBy(() -> joint(Profile.of(2, 0), LEAVING, Departure.LOST));
    }

    private static Quorums joint(Profile profile, int leaving, Departure departure) {
        return Quorums.joint(profile, profile, Optional.of(new Leaving(leaving, departure)), true);
    }

    /** Any two sets that decide meet at more honest sites than none, whichever epoch they count by. */
    @ParameterizedTest
    @ValueSource(strings = {"4+2", "4+2,f=1", "4+1", "3+1", "2+3,f=1,away=1", "2+4,f=2,away=0"})
    void setsThatDecideMeetAndTellThemselvesFromWhatIsUndecided(String text) {
        Profile profile = Profile.parse(text);
        for (Departure departure : Departure.values()) {
            assertDecisionsMeet(profile, departure);
        }
    }

    /** The same where a site is added, or one removed, or only the profile changes. */
    @ParameterizedTest
    @CsvSource({
        "4+2, 4+3",
        "'2+3,f=1,away=1', '2+4,f=1,away=2'",
        "4+3, 4+2",
        "'3+3,f=1', '3+2,f=0'",
        "4+2, '4+2,f=1'",
        "'2+4,f=1,away=1', '2+4,f=0'",
        "4+2, 3+3",
        "3+1, 2+2",
        "'4+2,f=1', '2+4,f=2,away=0'"
    })
    void setsThatDecideMeetBetweenTwoProfiles(String before, String after) {
        Profile profile = Profile.parse(before);
        Profile next = Profile.parse(after);
        if (profile.sites() <= next.sites()) {
            assertDecisionsMeet(profile, next, Optional.empty());
            if (profile.dataSlices() != next.dataSlices()) {
                assertDecisionsMeet(profile, next, Optional.of(Departure.LOST));
            }
        } else {
            for (Departure departure : Departure.values()) {
                assertDecisionsMeet(profile, next, Optional.of(departure));
            }
        }
    }

    private static void assertDecisionsMeet(Profile profile, Departure departure) {
        assertDecisionsMeet(profile, profile, Optional.of(departure));
    }

    private static void assertDecisionsMeet(Profile profile, Profile next, Optional<Departure> departure) {
        boolean coming = next.sites() > profile.sites() || (departure.isPresent() && next.sites() == profile.sites());
        int all = profile.sites() + (coming ? 1 : 0);
        int leaving = departure.isPresent() ? 1 << LEAVING : 0;
        int lost = departure.equals(Optional.of(Departure.LOST)) ? leaving : 0;
        Quorums joint = Quorums.joint(profile, next, departure.map(how -> new Leaving(LEAVING, how)), coming);
        Quorums old = Quorums.of(profile);
        int[] faulty = faulty(profile, next, ((1 << all) - 1) & ~leaving, lost);
        for (int one = 0; one < 1 << all; one++) {
            boolean before = one < (1 << profile.sites()) && old.decided(list(one));
            if (!before && ((one & lost) != 0 || !joint.decided(list(one)))) {
                continue;
            }
            for (int two = 0; two < 1 << all; two++) {
                if ((two & lost) == 0 && joint.decided(list(two))) {
                    for (int lying : faulty) {
                        assertThat(one & two & ~lying)
                                .as("%s %x %x %x", profile, one, two, lying)
                                .isNotZero();
                    }
                }
            }
            for (int lying : faulty) {
                int lacking = ((1 << all) - 1) & ~(one & ~lying) & ~lost;
                assertThat(joint.undecided(list(lacking)))
                        .as("%s %x %x", profile, one, lying)
                        .isFalse();
            }
        }
    }

    /** All sets of sites that may be at fault: at most f of the old and f of the new, one of which is lost already. */
    private static int[] faulty(Profile profile, Profile next, int now, int lost) {
        int old = (1 << profile.sites()) - 1;
        int allowed = Math.max(profile.faults(), Integer.bitCount(lost));
        return IntStream.range(0, (old | now) + 1)
                .filter(set -> (set & lost) == lost
                        && Integer.bitCount(set & old) <= allowed
                        && Integer.bitCount(set & now) <= next.faults())
                .toArray();
    }

    @Test
    void eachCountHasAProfileOfItsOwn() {
        Quorums adding = Quorums.joint(SIX, Profile.parse("4+3"), Optional.empty(), true);
        assertThat(adding.written(List.of(0, 1, 2, 3, 4, 6))).isTrue();
        assertThat(adding.written(List.of(0, 1, 2, 3, 4))).as("5 of the new").isFalse();
        assertThat(adding.written(List.of(0, 1, 2, 3, 6))).as("4 of the old").isFalse();
        assertThat(adding.absent(List.of(0, 1), List.of())).as("2 of the new").isFalse();
        assertThat(adding.absent(List.of(0, 6, 1), List.of())).isTrue();
        assertThat(adding.faults()).isEqualTo(1);
        Quorums removing =
                Quorums.joint(Profile.parse("4+3"), SIX, Optional.of(new Leaving(LEAVING, Departure.SERVING)), false);
        assertThat(removing.written(List.of(0, 1, 2, 3, 4, 5))).isTrue();
        assertThat(removing.written(List.of(0, 1, 2, 3, 4))).isFalse();
        assertThat(removing.writers()).isEqualTo("6 of the old and 5 of the new");
        Quorums reshaping = Quorums.joint(SIX, LIAR, Optional.empty(), false);
        assertThat(reshaping.answered(List.of(0, 1, 2, 3, 4)))
                .as("6 of the new")
                .isFalse();
        assertThat(reshaping.absent(List.of(0, 1), List.of()))
                .as("3 of the new")
                .isFalse();
    }

    @Test
    void whatCannotBeCountedSideBySideIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quorums.joint(SIX, Profile.parse("3+4"), Optional.empty(), true))
                .withMessageContaining(
                        "k can change only while the sites stay: it is 4 in 4+2,f=0,away=1 and 3 in 3+4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quorums.joint(SIX, Profile.parse("4+4"), Optional.empty(), true))
                .withMessageContaining("8 sites");
    }

    /** Two copies of what died by 2+8 may be all that 8 sites show, and it takes 3 to believe them as long as f may be 2. */
    @Test
    void anFOfWhichTooFewCopiesAreMetIsRefused() {
        Profile one = Profile.parse("3+7,f=2,away=2");
        Profile other = Profile.parse("2+8,f=1,away=5");
        for (boolean grows : List.of(true, false)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Quorums.joint(grows ? other : one, grows ? one : other, Optional.empty(), false))
                    .withMessageContaining(
                            "f is 2 in 3+7,f=2,away=2, and of what is written by 2+8,f=1,away=5 it meets 2");
        }
    }

    /** By 2+4 five of six answer, and four without it pass by what was not acknowledged. */
    @Test
    void whatOneSiteMoreShowsIsNoHindrance() {
        Quorums quorums = Quorums.of(Profile.of(2, 4));
        assertThat(quorums.outweigh(List.of(0, 1, 2, 3, 4))).isTrue();
        assertThat(quorums.outweigh(List.of(0, 1, 2, 3))).isFalse();
        Quorums many = Quorums.joint(Profile.of(10, 6), Profile.of(2, 14), Optional.empty(), false);
        List<Integer> all = IntStream.range(0, 16).boxed().toList();
        assertThat(many.outweigh(all.subList(0, 15))).isTrue();
        assertThat(many.outweigh(all.subList(0, 14))).isFalse();
    }

    @Test
    void noTwoMembersHaveTheSameSlice() {
        AwayStore nowhere = new AwayStore("not called");
        List<Site> sites =
                List.of(new Site(0, 0, "a", nowhere), new Site(1, 3, "b", nowhere), new Site(2, 3, "c", nowhere));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layout(Profile.of(2, 1), sites, 1))
                .withMessageContaining("different slices");
    }

    @ParameterizedTest
    @EnumSource(Departure.class)
    void bothHoldersOfASliceCountAsOneSlice(Departure departure) {
        AwayStore nowhere = new AwayStore("not called");
        List<Site> members = IntStream.range(0, 6)
                .mapToObj(i -> new Site(i, "s" + i, nowhere))
                .toList();
        Layout layout = new Layout(SIX, members, 1).joint(LEAVING, departure, "s6", nowhere, 2);
        assertThat(layout.sliceCount(List.of(0, LEAVING, 6))).isEqualTo(2);
        assertThat(layout.sliceCount(List.of(0, 2, 6))).isEqualTo(3);
    }

    private static List<Integer> list(int set) {
        return IntStream.range(0, 8).filter(i -> (set >> i & 1) == 1).boxed().toList();
    }
}
