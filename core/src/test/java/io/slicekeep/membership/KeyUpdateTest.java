package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyUpdateTest {
    private static final KeyRing OLD = TestKey.ring("test:key", 1);
    private static final KeyRing NEW = TestKey.ring("test:key", 2);

    private Keepers keepers;

    @BeforeEach
    void found() throws IOException {
        keepers = new Keepers(Profile.of(4, 2), OLD, 1);
    }

    @AfterEach
    void close() throws IOException {
        keepers.close();
    }

    @Test
    void theNewKeyOpensAndTheOldOneNoLongerDoes() throws IOException {
        assertThat(replace(OLD, NEW, Set.of()).outdated()).isEmpty();
        keepers.open(keepers.search(), NEW).close();
        assertThatThrownBy(() -> keepers.open(keepers.search(), OLD)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void theOldKeyOpensNothingThatIsLeftAtTheSites() throws IOException {
        replace(OLD, NEW, Set.of());
        for (MemoryStore store : keepers.stores) {
            assertThat(Keepers.keys(store, MemberKeys.KEYS)).hasSize(1);
        }
    }

    @Test
    void everyOtherByteAtTheSitesStaysIdentical() throws IOException {
        List<Map<String, byte[]>> before = contentsWithoutKeys();
        replace(OLD, NEW, Set.of());
        List<Map<String, byte[]>> after = contentsWithoutKeys();
        for (int i = 0; i < 6; i++) {
            assertThat(after.get(i).keySet()).isEqualTo(before.get(i).keySet()).hasSize(2);
            for (String key : after.get(i).keySet()) {
                assertThat(after.get(i).get(key)).isEqualTo(before.get(i).get(key));
            }
        }
    }

    @Test
    void theKeepIdStaysTheSame() throws IOException {
        replace(OLD, NEW, Set.of());
        try (Membership membership = keepers.open(keepers.search(), NEW)) {
            assertThat(membership.configuration().keepId()).isEqualTo(keepers.keepId);
            assertThat(membership.keys().generation()).isEqualTo(2);
        }
    }

    @Test
    void aSecondKeyIsAddedAndTheFirstDropped() throws IOException {
        KeyRing other = TestKey.ring("test:other", 7);
        assertThat(replace(OLD, other, Set.of()).keys().slots()).hasSize(2);
        keepers.open(keepers.search(), OLD).close();
        keepers.open(keepers.search(), other).close();
        assertThat(replace(other, other, Set.of(new KeyUri("test:key"))).keys().slots())
                .hasSize(1);
        assertThatThrownBy(() -> keepers.open(keepers.search(), OLD)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void rotationKeepsSlotsOfKeysThatAreNotAtHandAndAddsNone() throws IOException {
        KeyRing other = TestKey.ring("test:other", 7);
        replace(OLD, other, Set.of());
        KeyRing more = KeyRing.of(new TestKey("test:key", 1), new TestKey("test:never-added", 9));
        try (Membership membership = keepers.open(keepers.search(), more)) {
            KeyUpdate.Result result = update().rotate(membership, membership.keys(), more);
            assertThat(result.keys().generation()).isEqualTo(3);
            assertThat(result.keys().slots())
                    .extracting(KeySlot::uri)
                    .containsExactlyInAnyOrder(new KeyUri("test:key"), new KeyUri("test:other"));
        }
        keepers.open(keepers.search(), other).close();
    }

    @Test
    void aSiteThatWasAwayKeepsTheOldKeysAndIsReported() throws IOException {
        MemoryStore away = keepers.stores.get(2);
        keepers.stores.set(2, new MemoryStore());
        assertThat(replace(OLD, NEW, Set.of()).outdated()).containsOnlyKeys("c");
        keepers.stores.set(2, away);
        try (Membership membership = keepers.open(keepers.search(), NEW)) {
            assertThat(membership.standings().get(2).keysGeneration()).isEqualTo(1);
            assertThat(update().rotate(membership, membership.keys(), NEW).outdated())
                    .isEmpty();
        }
        assertThatThrownBy(() -> keepers.open(keepers.search(), OLD)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void withFewerThanWSitesTheOldKeysStand() throws IOException {
        Keepers.wipe(keepers.stores.get(0));
        Keepers.wipe(keepers.stores.get(1));
        assertThatThrownBy(() -> replace(OLD, NEW, Set.of()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("needed 5, found 4");
        keepers.open(keepers.search(), OLD).close();
        assertThatThrownBy(() -> keepers.open(keepers.search(), NEW)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void anUpdateThatStoppedAfterTheFirstSiteHarmsNothing() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), OLD)) {
            WrappedKeys next = new WrappedKeys(keepers.keepId, 2, NEW.wrap(membership.secret()));
            SmallBlob.write(keepers.stores.get(0), MemberKeys.fresh(MemberKeys.KEYS, 2, keepers.random), next.encode());
        }
        keepers.open(keepers.search(), OLD).close();
        keepers.open(keepers.search(), NEW).close();
        replace(OLD, NEW, Set.of());
        assertThatThrownBy(() -> keepers.open(keepers.search(), OLD)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void aLyingSitesGenerationDoesNotExhaustThem() throws IOException {
        try (Keepers wide = new Keepers(new Profile(4, 4, 1, 2), OLD, 5);
                OpenSecret attackers = OpenSecret.random(Membership.SECRET_CONTEXT, wide.random)) {
            long last = MemberKeys.MAX_NUMBER;
            byte[] forged = new WrappedKeys(wide.keepId, last, OLD.wrap(attackers)).encode();
            SmallBlob.write(wide.stores.get(0), MemberKeys.fresh(MemberKeys.KEYS, last, wide.random), forged);
            try (Membership membership = wide.open(wide.search(), OLD)) {
                KeyUpdate.Result result = new KeyUpdate(wide.tasks, wide.random, Keepers.PATIENCE)
                        .rotate(membership, membership.keys(), OLD);
                assertThat(result.keys().generation()).isEqualTo(2);
            }
        }
    }

    private KeyUpdate.Result replace(KeyRing opening, KeyRing wrapping, Set<KeyUri> dropping) throws IOException {
        try (Membership membership = keepers.open(keepers.search(), opening)) {
            return update().replace(membership, membership.keys(), wrapping, dropping);
        }
    }

    private KeyUpdate update() {
        return new KeyUpdate(keepers.tasks, keepers.random, Keepers.PATIENCE);
    }

    private List<Map<String, byte[]>> contentsWithoutKeys() throws IOException {
        List<Map<String, byte[]>> all = new ArrayList<>();
        for (MemoryStore store : keepers.stores) {
            Map<String, byte[]> contents = Keepers.contents(store);
            contents.keySet().removeIf(key -> key.startsWith(MemberKeys.KEYS.value()));
            all.add(contents);
        }
        return all;
    }
}
