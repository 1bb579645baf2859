package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Quorums;
import java.util.Collection;

/**
 * What all operations of one namespace share.
 *
 * @param layout where its data lies
 * @param format how its records are keyed and written
 * @param code slices inline objects
 * @param means tasks, randomness and time limits
 */
record Realm(Layout layout, RecordFormat format, InlineCode code, Means means) {
    Profile profile() {
        return layout.profile();
    }

    Quorums quorums() {
        return layout.quorums();
    }

    /** Tells whether enough sites answered: R if nothing acknowledged may be missed, else those that can serve k slices. */
    boolean enough(Certainty certainty, Collection<Integer> answering) {
        return certainty == Certainty.PROVEN
                ? quorums().answered(answering)
                : layout.sliceCount(answering) >= profile().dataSlices();
    }

    /** Says how many sites are enough. */
    String wanted(Certainty certainty) {
        return certainty == Certainty.PROVEN
                ? quorums().readers()
                : Integer.toString(profile().dataSlices());
    }
}
