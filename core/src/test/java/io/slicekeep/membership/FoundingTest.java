package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FoundingTest {
    private static final KeyRing KEY = TestKey.ring("test:key", 1);

    private Keepers keepers;

    @BeforeEach
    void found() throws IOException {
        keepers = new Keepers(Profile.of(4, 2), KEY, 1);
    }

    @AfterEach
    void close() throws IOException {
        keepers.close();
    }

    @Test
    void aSiteOfAKeepIsNotFoundedAgain() {
        assertThatThrownBy(() -> keepers.founding().found(keepers.profile, keepers.plots(), KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("a: it is already site 0 of keep " + keepers.keepId)
                .hasMessageContaining("f: it is already site 5")
                .hasMessageContaining("adopt");
    }

    @Test
    void aFoundingThatStoppedBeforeTheIdentitiesIsRepeated() throws IOException {
        for (MemoryStore store : keepers.stores) {
            store.delete(MemberKeys.IDENTITY);
        }
        KeepId second = keepers.founding().found(keepers.profile, keepers.plots(), KEY);
        assertThat(second).isNotEqualTo(keepers.keepId);
        for (MemoryStore store : keepers.stores) {
            assertThat(Keepers.contents(store)).hasSize(3);
        }
    }

    @Test
    void aStoreThatHoldsOtherBlobsIsRefused() throws IOException {
        keepers.stores.set(3, new MemoryStore());
        for (MemoryStore store : keepers.stores) {
            Keepers.wipe(store);
        }
        SmallBlob.write(keepers.stores.get(3), BlobKey.of("n/x"), new byte[1]);
        assertThatThrownBy(() -> keepers.founding().found(keepers.profile, keepers.plots(), KEY))
                .hasMessageContaining("d: it holds other blobs, n/x");
        assertThat(Keepers.contents(keepers.stores.get(0))).isEmpty();
    }
}
