package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Quorums;
import io.slicekeep.site.Site;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What all operations of one namespace share.
 *
 * @param layout where its data lies
 * @param format how its records are keyed and written
 * @param codes slice inline objects
 * @param means tasks, randomness and time limits
 * @param notes puts notes
 */
record Realm(Layout layout, RecordFormat format, InlineCodes codes, Means means, Notes notes) {
    /** Returns how an inline object is sliced. */
    InlineCode code(int dataSlices) {
        return codes.of(dataSlices, layout);
    }

    Quorums quorums() {
        return layout.quorums();
    }

    /**
     * Returns all sites, in an order of the name's own that is the same for everybody: who reads begins with the first ones,
     * so notes stand there; and the names' first ones are spread evenly.
     */
    List<Site> inTurn(EncodedName name) {
        List<Site> sites = new ArrayList<>(layout.sites());
        Collections.rotate(sites, name.value().hashCode());
        return sites;
    }

    /** Tells whether enough sites answered: R if nothing acknowledged may be missed, else those that can serve k slices. */
    boolean enough(Certainty certainty, Collection<Integer> answering) {
        return certainty == Certainty.PROVEN
                ? quorums().answered(answering)
                : layout.sliceCount(answering) >= layout.mostDataSlices();
    }

    /** Says how many sites are enough. */
    String wanted(Certainty certainty) {
        return certainty == Certainty.PROVEN ? quorums().readers() : Integer.toString(layout.mostDataSlices());
    }
}
