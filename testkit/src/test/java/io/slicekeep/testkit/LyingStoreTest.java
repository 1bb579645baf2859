package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.LyingStore.Alteration;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** While it does not lie it must be a store like any other. */
class LyingStoreTest extends BlobStoreContract {
    @Override
    protected BlobStore newStore() {
        return new LyingStore(new MemoryStore());
    }

    private LyingStore lying() {
        return (LyingStore) store();
    }

    private void putThree() throws IOException {
        put("a");
        put("b");
        put("c");
    }

    @Test
    void hiddenBlobsAreNeitherListedNorOpened() throws Exception {
        putThree();
        lying().hide(key -> !key.value().equals("c"));
        for (int limit = 1; limit < 4; limit++) {
            assertThat(list("", null, limit)).containsExactly("c");
        }
        assertAbsent("a");
        assertThat(get("c")).asString().isEqualTo("c");
        lying().beHonest();
        assertThat(list()).containsExactly("a", "b", "c");
    }

    @Test
    void lostBlobsAreAcknowledged() throws Exception {
        lying().lose(key -> key.value().equals("b"));
        putThree();
        assertThat(list()).containsExactly("a", "c");
    }

    @Test
    void alteredBytesStandWhereTheyWereAltered() throws Exception {
        put("a", bytes(1, 100));
        put("b", bytes(1, 100));
        lying().alter(key -> key.value().equals("a"), Alteration.bitFlip(50, 3));
        byte[] expected = bytes(1, 100);
        expected[50] ^= 8;
        assertThat(get("a")).isEqualTo(expected);
        assertThat(get("b")).isEqualTo(bytes(1, 100));
        try (BlobSource source = store().open(key("a"))) {
            ByteBuffer dst = ByteBuffer.allocate(10).position(4);
            source.readAt(49, dst);
            assertThat(dst.get(5)).isEqualTo(expected[50]);
        }
    }

    @Test
    void swappedBlobsStandInEachOthersPlace() throws Exception {
        putThree();
        lying().swap(key("a"), key("b"));
        assertThat(get("a")).asString().isEqualTo("b");
        assertThat(get("b")).asString().isEqualTo("a");
        assertThat(get("c")).asString().isEqualTo("c");
    }

    @Test
    void deletedBlobsComeBack() throws Exception {
        putThree();
        lying().keepDeleted();
        store().delete(key("a"));
        assertThat(list()).containsExactly("a", "b", "c");
    }

    @Test
    void aFrozenListingShowsThePast() throws Exception {
        putThree();
        lying().freezeListing();
        store().delete(key("a"));
        put("d");
        assertThat(list("", null, 1)).containsExactly("a", "b", "c");
        assertThat(store().list(new KeyPrefix("b"), key("a"), 10).keys()).containsExactly(key("b"));
        assertThatThrownBy(() -> store().open(key("a"))).isInstanceOf(BlobNotFoundException.class);
        lying().beHonest();
        assertThat(list()).containsExactly("b", "c", "d");
    }
}
