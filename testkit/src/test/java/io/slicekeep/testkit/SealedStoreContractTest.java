package io.slicekeep.testkit;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.RandomSource;

/** A sealed store is a store. */
class SealedStoreContractTest extends BlobStoreContract {
    @Override
    protected BlobStore newStore() {
        try (OpenSecret parent = OpenSecret.random(KeyContext.EMPTY, RandomSource.secure())) {
            return Sealed.over(new MemoryStore(), KeyRing.of(ParentKey.of(parent)));
        }
    }
}
