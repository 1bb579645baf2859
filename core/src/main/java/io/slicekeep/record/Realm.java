package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;

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
}
