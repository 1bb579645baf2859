package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.store.MemoryStore;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends CopyingBlobStoreContract {
    @Override
    protected MemoryStore newStore() {
        return new MemoryStore();
    }

    @Test
    void aSharedStoreHasTheSameBlobsAndIsClosedOnItsOwn() throws Exception {
        MemoryStore first = new MemoryStore();
        MemoryStore second = first.share();
        try (BlobSink sink = first.create(key("a"))) {
            sink.commit();
        }
        first.close();
        assertThat(second.list(KeyPrefix.ALL, null, 1).keys()).containsExactly(key("a"));
        assertThat(first.share().list(KeyPrefix.ALL, null, 1).keys()).containsExactly(key("a"));
    }
}
