package io.slicekeep.testkit;

import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.store.MemoryStore;

class MemoryStoreTidyTest extends TidyBlobStoreContract {
    @Override
    protected TidyBlobStore newStore() {
        return new MemoryStore();
    }
}
