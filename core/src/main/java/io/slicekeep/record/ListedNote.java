package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;

/**
 * A note as a listing shows it, known to be genuine: somebody saw that the revision is final. Beside a record of the revision
 * at the same site it can be believed; alone it may be left from a record that was deleted. Immutable.
 *
 * @param key where it stands
 * @param name the encoded name
 * @param revision which version is final, in all its attempts
 */
public record ListedNote(BlobKey key, EncodedName name, Revision revision) {}
