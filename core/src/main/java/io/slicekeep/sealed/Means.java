package io.slicekeep.sealed;

import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.task.RandomSource;
import java.security.Provider;

/**
 * What sealing takes besides keys.
 *
 * @param random where salts, ids and secrets come from
 * @param provider where AES-GCM comes from
 */
record Means(RandomSource random, Provider provider) {
    static Means of(RandomSource random) {
        return new Means(random, BulkProvider.get());
    }
}
