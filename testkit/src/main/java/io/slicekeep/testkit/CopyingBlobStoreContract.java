package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.BlobNotFoundException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link CopyingBlobStore} must do, beside all that a store must do. */
public abstract class CopyingBlobStoreContract extends BlobStoreContract {
    /** Creates the contract. */
    protected CopyingBlobStoreContract() {}

    @Override
    protected abstract CopyingBlobStore newStore() throws IOException;

    private CopyingBlobStore copying() {
        return (CopyingBlobStore) store();
    }

    @Test
    void aCopyIsABlobOfItsOwn() throws Exception {
        put("a/b", bytes(1, 1000));
        copying().copy(key("a/b"), key("c/d/e"));
        assertThat(list()).containsExactly("a/b", "c/d/e");
        store().delete(key("a/b"));
        assertThat(get("c/d/e")).isEqualTo(bytes(1, 1000));
    }

    @Test
    void aCopyNeverReplaces() throws Exception {
        put("a", bytes(1, 10));
        put("b", bytes(2, 10));
        assertThatThrownBy(() -> copying().copy(key("a"), key("b"))).isInstanceOf(BlobExistsException.class);
        assertThatThrownBy(() -> copying().copy(key("a"), key("a"))).isInstanceOf(BlobExistsException.class);
        copying().copy(key("a"), key("c"));
        assertThatThrownBy(() -> copying().copy(key("a"), key("c"))).isInstanceOf(BlobExistsException.class);
        assertThat(get("b")).isEqualTo(bytes(2, 10));
    }

    @Test
    void whatIsNotThereIsNotCopied() throws Exception {
        put("a/b");
        for (String missing : List.of("x", "a", "a/b/c")) {
            assertThatThrownBy(() -> copying().copy(key(missing), key("y"))).isInstanceOf(BlobNotFoundException.class);
        }
        assertThat(list()).containsExactly("a/b");
    }

    @Test
    void aClosedStoreCopiesNothing() throws Exception {
        CopyingBlobStore store = newStore();
        store.close();
        assertClosed(() -> store.copy(key("a"), key("b")));
    }
}
