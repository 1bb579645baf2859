package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            assertThat(after.get(i).keySet()).isEqualTo(before.get(i).keySet()).hasSize(3);
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
                assertThat(result.keys().generation()).isEqualTo(3);
            }
        }
    }

    @Test
    void aLyingSitesCopyOfTheSlotsDoesNotExhaustThemEither() throws IOException {
        try (Keepers wide = new Keepers(new Profile(4, 4, 1, 2), OLD, 5)) {
            copySlots(wide, 0, MemberKeys.MAX_NUMBER);
            try (Membership membership = wide.open(wide.search(), OLD)) {
                KeyUpdate.Result result = new KeyUpdate(wide.tasks, wide.random, Keepers.PATIENCE)
                        .rotate(membership, membership.keys(), OLD);
                assertThat(result.keys().generation()).isEqualTo(3);
            }
        }
    }

    @Test
    void aLyingSiteDoesNotHaveTheNextChangeForgetAKey() throws IOException {
        try (KeyRing both = KeyRing.of(new TestKey("test:key", 1), new TestKey("test:other", 3));
                KeyRing other = KeyRing.of(new TestKey("test:other", 3));
                Keepers wide = new Keepers(new Profile(4, 4, 1, 2), both, 5)) {
            WrappedKeys genuine = shown(wide, 0);
            List<KeySlot> some = genuine.slots().stream()
                    .filter(slot -> slot.uri().value().equals("test:key"))
                    .toList();
            byte[] forged = new WrappedKeys(wide.keepId, 2, some).encode();
            SmallBlob.write(wide.stores.get(0), MemberKeys.fresh(MemberKeys.KEYS, 2, wide.random), forged);
            try (Membership membership = wide.open(wide.search(), OLD)) {
                assertThat(membership.keys()).isEqualTo(genuine);
                new KeyUpdate(wide.tasks, wide.random, Keepers.PATIENCE).rotate(membership, membership.keys(), OLD);
            }
            wide.open(wide.search(), other).close();
        }
    }

    /** f = 1, and the store that was replaced is still listed by the file: it has no say any more. */
    @Test
    void aFormerSiteAndALyingOneDoNotHaveTheNextChangeForgetAKey() throws IOException {
        try (KeyRing both = KeyRing.of(new TestKey("test:key", 1), new TestKey("test:other", 3));
                KeyRing other = KeyRing.of(new TestKey("test:other", 3));
                Keepers wide = new Keepers(new Profile(4, 4, 1, 2), Duration.ZERO, both, 5)) {
            wide.addresses.put("/new/c", new MemoryStore());
            try (Membership membership = wide.open(wide.search(), OLD)) {
                Order.Arrival arrival = new Order.Arrival("/new/c", wide.addresses.get("/new/c"));
                new MembershipChange(membership, joint -> {}, duration -> {})
                        .run(Order.replace("c", arrival, Departure.SERVING));
            }
            WrappedKeys genuine = shown(wide, 1);
            List<KeySlot> some = genuine.slots().stream()
                    .filter(slot -> slot.uri().value().equals("test:key"))
                    .toList();
            byte[] forged = new WrappedKeys(wide.keepId, 2, some).encode();
            for (int site : new int[] {0, 2}) {
                SmallBlob.write(wide.stores.get(site), MemberKeys.fresh(MemberKeys.KEYS, 2, wide.random), forged);
            }
            try (Membership membership = wide.open(wide.search(), OLD)) {
                assertThat(membership.keys()).isEqualTo(genuine);
                new KeyUpdate(wide.tasks, wide.random, Keepers.PATIENCE).rotate(membership, membership.keys(), OLD);
            }
            wide.open(wide.search(), other).close();
            assertThat(Membership.look(wide.search(), 1).keys().orElseThrow().slots())
                    .hasSize(2);
        }
    }

    private static WrappedKeys shown(Keepers keepers, int site) throws IOException {
        BlobKey key = Keepers.keys(keepers.stores.get(site), MemberKeys.KEYS).get(0);
        return WrappedKeys.parse(SmallBlob.read(keepers.stores.get(site), key, WrappedKeys.MAX_BYTES));
    }

    @Test
    void rotationWithAFormerKeyDoesNotTakeTheNewOneAway() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), OLD)) {
            KeyUpdate.Result replaced = update().replace(membership, membership.keys(), NEW, Set.of());
            assertThatThrownBy(() -> update().rotate(membership, replaced.keys(), OLD))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContaining("test:key");
        }
        keepers.open(keepers.search(), NEW).close();
    }

    @Test
    void keysFromBeforeTheLastChangeAreNoBasisForAnother() throws IOException {
        MemoryStore away = keepers.stores.get(2);
        keepers.stores.set(2, new MemoryStore());
        replace(OLD, NEW, Set.of());
        keepers.stores.set(2, away);
        try (Membership membership = keepers.open(keepers.search(), OLD)) {
            for (KeyRing ring : List.of(OLD, TestKey.ring("test:other", 7))) {
                assertThatThrownBy(() -> update().replace(membership, membership.keys(), ring, Set.of()))
                        .isInstanceOf(KeyUnavailableException.class)
                        .hasMessageContaining("before the last change");
            }
            assertThatThrownBy(() -> update().rotate(membership, membership.keys(), OLD))
                    .isInstanceOf(KeyUnavailableException.class);
        }
        keepers.open(keepers.search(), NEW).close();
    }

    @Test
    void aChangeThatStoppedShortOfWSitesIsNoHindrance() throws IOException {
        for (int site = 0; site < 4; site++) {
            copySlots(keepers, site, 2);
        }
        try (Membership membership = keepers.open(keepers.search(), OLD)) {
            WrappedKeys former =
                    new WrappedKeys(keepers.keepId, 1, membership.keys().slots());
            assertThat(update().replace(membership, former, NEW, Set.of()).outdated())
                    .isEmpty();
        }
        assertThatThrownBy(() -> keepers.open(keepers.search(), OLD)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void aKeyThatWrapsAndDoesNotOpenChangesNothing() throws IOException {
        KeyRing oneWay = KeyRing.of(new OneWayKey());
        assertThatThrownBy(() -> replace(OLD, oneWay, Set.of(new KeyUri("test:key"))))
                .isInstanceOf(KeyUnavailableException.class);
        keepers.open(keepers.search(), OLD).close();
    }

    @Test
    void keysThatTooFewSitesTookAreTakenBackAlsoWhereTheOutcomeIsUnknown() throws IOException {
        Keepers.wipe(keepers.stores.get(0));
        List<Candidate> candidates = new ArrayList<>(keepers.search().candidates());
        BlobStore unsure = new UnsureStore(keepers.stores.get(1));
        candidates.set(1, new Candidate(Optional.of("b"), "/sites/b", () -> unsure));
        try (Membership membership = keepers.open(keepers.search(candidates), OLD)) {
            assertThatThrownBy(() -> update().replace(membership, membership.keys(), NEW, Set.of()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("needed 5, found 4");
        }
        assertThatThrownBy(() -> keepers.open(keepers.search(), NEW)).isInstanceOf(KeyUnavailableException.class);
    }

    /** Puts the slots that the keep was founded with under another generation, as an interrupted change or a liar may. */
    private static void copySlots(Keepers keepers, int site, long generation) throws IOException {
        try (Membership membership = keepers.open(keepers.search(), OLD)) {
            WrappedKeys copy = new WrappedKeys(
                    keepers.keepId, generation, membership.keys().slots());
            BlobKey key = MemberKeys.fresh(MemberKeys.KEYS, generation, keepers.random);
            SmallBlob.write(keepers.stores.get(site), key, copy.encode());
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

    /** A key whose owner may wrap with it and not unwrap, as a KMS can have it. */
    private static final class OneWayKey implements KeyProvider {
        @Override
        public KeyUri uri() {
            return new KeyUri("test:one-way");
        }

        @Override
        public KeySlot wrap(SecretBytes secret, KeyContext context) {
            return new KeySlot(uri(), new byte[0], new byte[40]);
        }

        @Override
        public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
            throw new KeyUnavailableException(KeyUnavailableException.Reason.DENIED, "not allowed");
        }

        @Override
        public void checkHealth() {}

        @Override
        public void close() {}
    }

    /** A store whose commits succeed and are said to be of unknown outcome. */
    private record UnsureStore(BlobStore store) implements BlobStore {
        @Override
        public BlobSink create(BlobKey key) throws IOException {
            return new UnsureSink(store.create(key));
        }

        @Override
        public BlobSource open(BlobKey key) throws IOException {
            return store.open(key);
        }

        @Override
        public void delete(BlobKey key) throws IOException {
            store.delete(key);
        }

        @Override
        public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
            return store.list(prefix, after, limit);
        }

        @Override
        public void close() {}
    }

    private record UnsureSink(BlobSink sink) implements BlobSink {
        @Override
        public int write(ByteBuffer src) throws IOException {
            return sink.write(src);
        }

        @Override
        public void commit() throws IOException {
            sink.commit();
            throw new OutcomeUnknownException("the answer was lost");
        }

        @Override
        public boolean isOpen() {
            return sink.isOpen();
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
