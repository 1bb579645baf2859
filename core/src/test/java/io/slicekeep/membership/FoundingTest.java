package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.probe.StoreProbe;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
        assertThatThrownBy(() -> keepers.founding()
                        .found(keepers.profile, Terms.DEFAULT_LEASE, NamespaceMode.LWW, keepers.plots(), KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("a: it is already a site of keep " + keepers.keepId)
                .hasMessageContaining("f: it is already a site")
                .hasMessageContaining("adopt");
    }

    @Test
    void aFoundingThatStoppedBeforeTheIdentitiesIsRepeated() throws IOException {
        for (MemoryStore store : keepers.stores) {
            store.delete(MemberKeys.IDENTITY);
            SmallBlob.write(store, BlobKey.of(StoreProbe.FOLDER + "left/by/a/probe"), new byte[1]);
        }
        KeepId second =
                keepers.founding().found(keepers.profile, Terms.DEFAULT_LEASE, NamespaceMode.LWW, keepers.plots(), KEY);
        assertThat(second).isNotEqualTo(keepers.keepId);
        for (MemoryStore store : keepers.stores) {
            assertThat(Keepers.contents(store)).hasSize(4);
        }
    }

    @Test
    void aStoreThatHoldsOtherBlobsIsRefused() throws IOException {
        keepers.stores.set(3, new MemoryStore());
        for (MemoryStore store : keepers.stores) {
            Keepers.wipe(store);
        }
        SmallBlob.write(keepers.stores.get(3), BlobKey.of("n/x"), new byte[1]);
        assertThatThrownBy(() -> keepers.founding()
                        .found(keepers.profile, Terms.DEFAULT_LEASE, NamespaceMode.LWW, keepers.plots(), KEY))
                .hasMessageContaining("d: it holds other blobs, n/x");
        assertThat(Keepers.contents(keepers.stores.get(0))).isEmpty();
    }

    @Test
    void ofTwoFoundingsAtOnceNoneTakesTheOthersKeysAway() throws Exception {
        keepers.stores.replaceAll(former -> new MemoryStore());
        CyclicBarrier meeting = new CyclicBarrier(2 * keepers.stores.size());
        CompletableFuture<KeepId> first = CompletableFuture.supplyAsync(() -> found(call -> {
            if (call.equals("create site")) {
                meet(meeting);
                meet(meeting);
            }
        }));
        assertThatThrownBy(() -> found(call -> {
                    if (call.equals("list ") || call.equals("listed ")) {
                        meet(meeting);
                    } else if (call.equals("create site")) {
                        first.join();
                    }
                }))
                .hasRootCauseInstanceOf(UnavailableException.class);
        Search search =
                keepers.search(Optional.of(first.get()), keepers.search().candidates());
        try (Membership membership = keepers.open(search, KEY)) {
            assertThat(membership.standings()).allMatch(site -> site.keysGeneration() == 1);
        }
    }

    @Test
    void whatItsProbeFoundStandsAtEachSite() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            for (Standing standing : membership.standings()) {
                Capabilities found = standing.capabilities().orElseThrow().found();
                assertThat(found.sound()).isTrue();
                assertThat(found.longestKeyBytes()).isEqualTo(1000);
                assertThat(found.races()).isEqualTo(Races.UNPROVEN);
            }
        }
        for (MemoryStore store : keepers.stores) {
            assertThat(Keepers.keys(store, StoreProbe.FOLDER)).isEmpty();
        }
    }

    @Test
    void aStoreThatBreaksAPromiseIsRefused() throws IOException {
        keepers.close();
        keepers = new Keepers(Profile.parse("1+0"), KEY, 2);
        MemoryStore hasty = new MemoryStore();
        keepers.stores.set(0, hasty);
        assertThatThrownBy(() -> found(call -> {
                    if (call.startsWith("list ") && call.endsWith("/aborted")) {
                        write(hasty, BlobKey.of(call.substring("list ".length())));
                    }
                }))
                .hasRootCauseMessage(
                        "these sites cannot be used: a: it does not keep what a site must: a blob must not be visible"
                                + " before it was committed, nor an aborted one ever: a part of a blob was visible");
        assertThat(Keepers.contents(hasty)).isEmpty();
    }

    private static void write(MemoryStore store, BlobKey key) {
        try {
            SmallBlob.write(store, key, new byte[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KeepId found(Consumer<String> steps) {
        List<Founding.Plot> plots = keepers.plots().stream()
                .map(plot -> new Founding.Plot(plot.name(), plot.address(), new SteppedStore(plot.store(), steps)))
                .toList();
        try {
            return keepers.founding().found(keepers.profile, Terms.DEFAULT_LEASE, NamespaceMode.LWW, plots, KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void meet(CyclicBarrier meeting) {
        try {
            meeting.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A store that tells when something is created, and when it is about to be listed and has been. */
    private record SteppedStore(BlobStore store, Consumer<String> steps) implements BlobStore {
        @Override
        public BlobSink create(BlobKey key) throws IOException {
            steps.accept("create " + key);
            return store.create(key);
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
            steps.accept("list " + prefix);
            Listing page = store.list(prefix, after, limit);
            steps.accept("listed " + prefix);
            return page;
        }

        @Override
        public void close() {}
    }
}
