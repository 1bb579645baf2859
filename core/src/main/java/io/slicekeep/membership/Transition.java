package io.slicekeep.membership;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What makes a joint configuration the next plain one: a member that goes, one that comes, or another profile. One that goes and
 * one that comes are a replacement: the second takes the name and the slice of the first. Immutable.
 *
 * @param profile the next one; of another k only where nobody goes or comes, or a site is lost meanwhile and another takes its place
 * @param leaving which member goes
 * @param incoming which one comes
 */
public record Transition(Profile profile, Optional<Leaving> leaving, Optional<Member> incoming) {
    /**
     * Tells whether a store takes a member's place.
     *
     * @return true if one goes and one comes
     */
    public boolean replaces() {
        return leaving.isPresent() && incoming.isPresent();
    }

    /** Tells whether all that stands has to be sliced anew for it. */
    boolean changesDataSlices(Profile before) {
        return profile.dataSlices() != before.dataSlices();
    }

    /** Returns the members after it, in the order of their slices. */
    List<Member> after(List<Member> members) {
        List<Member> after = new ArrayList<>(members);
        leaving.ifPresent(gone -> after.remove(gone.index()));
        incoming.ifPresent(after::add);
        after.sort(Comparator.comparingInt(Member::slice));
        return after;
    }

    /** Requires that it fits those who are members before it. */
    void requireFor(Profile before, List<Member> members) {
        boolean replacesLost = replaces() && leaving.get().departure() == Departure.LOST;
        if (changesDataSlices(before) && (leaving.isPresent() || incoming.isPresent()) && !replacesLost) {
            throw new IllegalArgumentException(
                    "k can change only while the sites stay: first add or remove one with the k of" + " now: before="
                            + before + " after=" + profile);
        }
        leaving.ifPresent(gone -> requireIndex(gone.index(), members));
        boolean differs = profile.equals(before) ? replaces() : !replaces() || changesDataSlices(before);
        if (!differs) {
            throw new IllegalArgumentException("a transition must replace a member or else change the profile: before="
                    + before + " after=" + profile);
        }
        if (replaces()) {
            requireSuccessor(members.get(leaving.get().index()), incoming.get());
        }
    }

    private static void requireIndex(int index, List<Member> members) {
        if (index < 0 || index >= members.size()) {
            throw new IllegalArgumentException("only a member can leave: index=" + index);
        }
    }

    private static void requireSuccessor(Member gone, Member coming) {
        if (gone.slice() != coming.slice() || !gone.name().equals(coming.name())) {
            throw new IllegalArgumentException(
                    "an incoming site must take the name and the slice of the one it replaces: " + "name="
                            + coming.name() + " slice=" + coming.slice());
        }
    }
}
