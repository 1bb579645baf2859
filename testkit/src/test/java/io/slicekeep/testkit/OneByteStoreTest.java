package io.slicekeep.testkit;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.store.MemoryStore;

class OneByteStoreTest extends BlobStoreContract {
    @Override
    protected BlobStore newStore() {
        return new OneByteStore(new MemoryStore());
    }
}
