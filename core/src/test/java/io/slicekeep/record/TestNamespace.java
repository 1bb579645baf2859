package io.slicekeep.record;

import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.task.RandomSource;
import java.util.Random;

/** A namespace with fixed keys. */
final class TestNamespace {
    static final byte[] ID = new byte[NamespaceKeys.ID_BYTES];

    private TestNamespace() {}

    static RandomSource random(long seed) {
        return new Random(seed)::nextBytes;
    }

    static OpenSecret secret(long seed) {
        return OpenSecret.random(KeyContext.EMPTY, random(seed));
    }

    static NamespaceKeys keys(long seed) {
        return NamespaceKeys.of(ID, secret(seed));
    }

    static RecordFormat format(long seed) {
        return new RecordFormat(keys(seed));
    }
}
