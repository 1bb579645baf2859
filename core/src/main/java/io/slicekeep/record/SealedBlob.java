package io.slicekeep.record;

import io.slicekeep.blob.BlobId;

/**
 * What a record says of its object's sealed blob: enough to know it again and to refuse any other. Immutable.
 *
 * @param id the identity that stands in the blob's header
 * @param commitment the 32 bytes that stand in its body and bind its key
 * @param sealedBytes its length
 */
public record SealedBlob(BlobId id, Bytes commitment, long sealedBytes) {
    static final int COMMITMENT_BYTES = 32;

    /** Checks the lengths. */
    public SealedBlob {
        if (commitment.length() != COMMITMENT_BYTES || sealedBytes < 1) {
            throw new IllegalArgumentException("a commitment must have 32 bytes and a blob at least 1: commitment="
                    + commitment.length() + " sealedBytes=" + sealedBytes);
        }
    }
}
