package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;

/**
 * A record as a listing shows it, known to be genuine by its hints. Immutable.
 *
 * @param key where it stands; the attempt in it is no part of the revision
 * @param name the encoded name
 * @param revision which version
 * @param hints what the key tells of it
 */
public record ListedRecord(BlobKey key, EncodedName name, Revision revision, Hints hints) {}
