package io.slicekeep.register;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.record.Bytes;

/**
 * The key of one blob of a register that is known to be genuine. Immutable.
 *
 * @param ballot which attempt
 * @param phase what the blob says
 * @param note what an accepted value begins with, as far as the realm's keys tell it; else no bytes
 * @param key the key as it stands at a site
 */
record RegisterKey(Ballot ballot, Phase phase, Bytes note, BlobKey key) {
    boolean isAccepted() {
        return phase == Phase.ACCEPTED;
    }
}
