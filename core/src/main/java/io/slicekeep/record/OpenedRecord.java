package io.slicekeep.record;

import io.slicekeep.key.OpenSecret;

/**
 * A record with the secret of its blob, which its own slots opened and its sealed metadata proved right.
 *
 * @param stored the record
 * @param secret the blob's secret
 * @param metadata what is sealed beside the blob
 */
public record OpenedRecord(StoredRecord stored, OpenSecret secret, Metadata metadata) implements AutoCloseable {
    /** Wipes the secret. Idempotent. */
    @Override
    public void close() {
        secret.close();
    }
}
