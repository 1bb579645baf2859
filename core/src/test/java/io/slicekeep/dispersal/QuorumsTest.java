package io.slicekeep.dispersal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        Quorums quorums = Quorums.joint(SIX, LEAVING, Departure.SERVING);
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
        Quorums quorums = Quorums.joint(LIAR, LEAVING, Departure.SERVING);
        assertThat(quorums.absent(List.of(0, 2), List.of(3))).isTrue();
        assertThat(quorums.absent(List.of(0, 2), List.of(LEAVING))).isFalse();
        assertThat(quorums.absent(List.of(0, 2), List.of(6))).isFalse();
    }

    @Test
    void aLostMemberUsesUpAFaultAndIsOneOfThoseAway() {
        Quorums quorums = Quorums.joint(LIAR, LEAVING, Departure.LOST);
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
        Quorums quorums = Quorums.joint(SIX, LEAVING, Departure.LOST);
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
                .isThrownBy(() -> Quorums.joint(Profile.parse("4+2,f=0,away=2"), LEAVING, Departure.LOST))
                .withMessageContaining("what a write acknowledged may be lost with the site");
        assertThatIllegalArgumentException().isThrownBy(() -> Quorums.joint(Profile.of(2, 0), LEAVING, Departure.LOST));
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

    private static void assertDecisionsMeet(Profile profile, Departure departure) {
        int all = profile.sites() + 1;
        int lost = departure == Departure.LOST ? 1 << LEAVING : 0;
        Quorums joint = Quorums.joint(profile, LEAVING, departure);
        Quorums old = Quorums.of(profile);
        int[] faulty = faulty(profile, lost);
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
    private static int[] faulty(Profile profile, int lost) {
        int old = (1 << profile.sites()) - 1;
        int now = ((1 << (profile.sites() + 1)) - 1) & ~(1 << LEAVING);
        int allowed = Math.max(profile.faults(), Integer.bitCount(lost));
        return IntStream.range(0, 1 << (profile.sites() + 1))
                .filter(set -> (set & lost) == lost
                        && Integer.bitCount(set & old) <= allowed
                        && Integer.bitCount(set & now) <= profile.faults())
                .toArray();
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
