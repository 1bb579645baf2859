package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.MembershipChange.Copying;
import io.slicekeep.membership.Order.Arrival;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class SiteReplacementTest {
    private static final KeyRing KEY = TestKey.ring("test:key", 1);
    private static final Copying NOTHING = joint -> {};

    private Keepers keepers;

    @BeforeEach
    void found() throws IOException {
        keepers = new Keepers(Profile.of(4, 2), Duration.ZERO, KEY, 1);
    }

    @AfterEach
    void close() throws IOException {
        keepers.close();
    }

    @ParameterizedTest
    @EnumSource(Departure.class)
    void theNewStoreIsTheSiteInTheEnd(Departure departure) throws IOException {
        try (Membership membership = open()) {
            replace(membership, order("c", "/new/c", departure), layout -> {
                Site incoming = layout.sites().get(6);
                assertThat(membership.confirmed().epoch()).isEqualTo(layout.epoch());
                assertThat(layout.epoch()).isEqualTo(2);
                assertThat(layout.sites()).hasSize(7);
                assertThat(incoming.slice()).isEqualTo(2);
                assertThat(incoming.store().list(MemberKeys.KEYS, null, 1).keys())
                        .isEmpty();
            });
            assertThat(membership.confirmed().epoch()).isEqualTo(3);
            assertThat(membership.confirmed().sites()).hasSize(6);
        }
        keepers.stores.set(2, Objects.requireNonNull(keepers.addresses.get("/new/c")));
        for (MemoryStore store : keepers.stores) {
            assertThat(Keepers.keys(store, MemberKeys.CONFIG).get(0))
                    .satisfies(key -> assertThat(MemberKeys.number(key)).hasValue(3));
        }
        try (Membership membership = open()) {
            assertThat(membership.standings()).allMatch(Standing::present);
            assertThat(membership.standings()).allMatch(standing -> standing.keysGeneration() == 1);
            assertThat(membership.standings())
                    .allMatch(standing -> standing.capabilities().isPresent());
            assertThat(membership.incoming()).isEmpty();
        }
    }

    @Test
    void whoKnowsTheFormerStoreOnlyFindsTheNewOneByItsAddress() throws IOException {
        replaceOne("c", "/new/c");
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(3);
            assertThat(membership.proven()).isTrue();
            assertThat(membership.standings()).allMatch(Standing::present);
            assertThat(membership.standings().get(2).address()).isEqualTo("/new/c");
        }
    }

    @Test
    void aFormerMemberIsRefusedAndTheRemedyNamesItsSuccessor() throws IOException {
        replaceOne("c", "/new/c");
        keepers.addresses.clear();
        try (Membership membership = Membership.open(keepers.search(), 3, Keepers.ANY_KEY, KEY)) {
            assertThat(membership.standings().get(2).away().orElseThrow())
                    .contains("epoch 1", "was replaced since", "/new/c", "correct the path");
        }
    }

    @Test
    void aPathThatIsNewerThanTheAddressIsNotPassedOver() throws IOException {
        // The disk of c was copied to another one, and what is left at its address is older.
        keepers.addresses.put("/sites/c", keepers.stores.get(2));
        keepers.stores.set(2, new MemoryStore());
        try (Membership membership = open()) {
            assertThat(membership.standings().get(2).present()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1+0", "2+1,f=1,away=0"})
    void whereAllSitesMustAgreeItMayStopAnywhereToo(String profile) throws IOException {
        boolean stopped = true;
        for (int changes = 0; stopped; changes++) {
            try (Keepers fresh = new Keepers(Profile.parse(profile), Duration.ZERO, KEY, 1)) {
                keepers.close();
                keepers = fresh;
                stopped = dies("a", changes);
                replaceOne("a", "/new/a");
                try (Membership membership = open()) {
                    assertThat(membership.standings()).allMatch(Standing::present);
                    assertThat(membership.standings().get(0).address()).isEqualTo("/new/a");
                }
            }
        }
    }

    @Test
    void everySiteInTurnIsReplacedAndTheFirstFileStillOpens() throws IOException {
        for (int i = 0; i < 6; i++) {
            replaceOne(Keepers.name(i), "/new/" + i);
        }
        replaceOne("a", "/newer/a");
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(15);
            assertThat(membership.standings()).allMatch(Standing::present);
        }
    }

    @Test
    void tooFewKnownSitesAreNamed() throws IOException {
        for (int i = 0; i < 3; i++) {
            replaceOne(Keepers.name(i), "/new/" + i);
        }
        keepers.addresses.clear();
        assertThatThrownBy(this::open)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("which configuration is in force")
                .hasMessageContaining("3 of 6 sites answered, 4 must")
                .hasMessageContaining("/new/0")
                .hasMessageContaining("give its path");
    }

    @Test
    void aConfigurationThatIsInForceAndHiddenIsMissed() throws IOException {
        replaceOne("c", "/new/c");
        for (MemoryStore store : keepers.stores) {
            for (BlobKey key : Keepers.keys(store, MemberKeys.CONFIG)) {
                if (MemberKeys.number(key).orElseThrow() > 1) {
                    store.delete(key);
                }
            }
        }
        keepers.addresses.clear();
        assertThatThrownBy(this::open).hasMessageContaining("epoch 3").hasMessageContaining("bring more of its sites");
    }

    @Test
    void aConfigurationThatWasNeverDecidedIsNotInForce() throws IOException {
        propose();
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(1);
            replace(membership, order("c", "/new/c", Departure.SERVING), NOTHING);
        }
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(3);
        }
    }

    @Test
    void fSitesThatWereRolledBackHideNothing() throws IOException {
        try (Keepers wide = new Keepers(new Profile(4, 4, 1, 2), Duration.ZERO, KEY, 4)) {
            wide.addresses.put("/new/c", new MemoryStore());
            try (Membership membership = wide.open(wide.search(), KEY)) {
                Order order =
                        Order.replace("c", new Arrival("/new/c", wide.addresses.get("/new/c")), Departure.SERVING);
                replace(membership, order, NOTHING);
            }
            MemoryStore liar = wide.stores.get(0);
            for (BlobKey key : Keepers.keys(liar, new io.slicekeep.blob.KeyPrefix("r/"))) {
                liar.delete(key);
            }
            List<Candidate> quorum = wide.search().candidates().subList(0, 6);
            try (Membership membership = wide.open(wide.search(quorum), KEY)) {
                assertThat(membership.configuration().epoch()).isEqualTo(3);
            }
        }
    }

    @Test
    void stoppedAnywhereItGoesOnWhenItIsRunAgain() throws IOException {
        boolean stopped = true;
        int changes = 0;
        while (stopped) {
            try (Keepers fresh = new Keepers(Profile.of(4, 2), Duration.ZERO, KEY, 1)) {
                keepers.close();
                keepers = fresh;
                stopped = dies("c", changes);
                open().close();
                AtomicInteger copied = new AtomicInteger();
                try (Membership membership = open()) {
                    replace(membership, order("c", "/new/c", Departure.SERVING), joint -> copied.incrementAndGet());
                }
                try (Membership membership = open()) {
                    assertThat(membership.configuration().transition()).isEmpty();
                    assertThat(membership.standings()).allMatch(Standing::present);
                    assertThat(membership.standings().get(2).address()).isEqualTo("/new/c");
                }
                changes++;
            }
        }
        assertThat(changes).isGreaterThan(30);
    }

    /** Runs a replacement in a process that dies after some changes; tells whether that was before its end. */
    private boolean dies(String site, int changes) throws IOException {
        AtomicInteger left = new AtomicInteger(changes);
        List<Candidate> candidates = keepers.search().candidates().stream()
                .map(candidate -> new Candidate(
                        candidate.name(),
                        candidate.address(),
                        () -> new MortalStore(candidate.opening().open(), left)))
                .toList();
        MemoryStore incoming = keepers.addresses.computeIfAbsent("/new/" + site, address -> new MemoryStore());
        Search search = new Search(
                Optional.of(keepers.keepId),
                candidates,
                address -> new MortalStore(incoming.share(), left),
                keepers.search().means(),
                Keepers.PATIENCE);
        try (Membership membership = Membership.open(search, 1, Keepers.ANY_KEY, KEY)) {
            BlobStore store = new MortalStore(incoming.share(), left);
            replace(membership, Order.replace(site, new Arrival("/new/" + site, store), Departure.SERVING), NOTHING);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void oneSiteChangesAtATime() throws IOException {
        try (Membership membership = open()) {
            replace(membership, order("c", "/new/c", Departure.SERVING), joint -> {
                assertThatThrownBy(() -> replaceOne("d", "/new/d"))
                        .hasMessageContaining("site c is being replaced by /new/c")
                        .hasMessageContaining("finish that first");
                assertThatThrownBy(() -> replaceOne("c", "/other/c")).hasMessageContaining("by /new/c");
            });
        }
    }

    @Test
    void twoWhoReplaceTheSameSiteAtOnceDoNoHarm() throws Exception {
        List<CompletableFuture<Void>> both = new ArrayList<>();
        keepers.addresses.put("/new/c", new MemoryStore());
        for (int i = 0; i < 2; i++) {
            both.add(CompletableFuture.runAsync(() -> {
                for (boolean done = false; !done; ) {
                    done = attempt();
                }
            }));
        }
        for (CompletableFuture<Void> one : both) {
            one.get();
        }
        try (Membership membership = open()) {
            assertThat(membership.standings()).allMatch(Standing::present);
            assertThat(membership.standings().get(2).address()).isEqualTo("/new/c");
        }
    }

    private boolean attempt() {
        try {
            replaceOne("c", "/new/c");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatIsGivenUpLeavesTheMembersAsTheyWere() throws IOException {
        try (Membership membership = open()) {
            assertThatThrownBy(() -> replace(membership, order("c", "/new/c", Departure.SERVING), joint -> {
                        throw new IOException("stopped");
                    }))
                    .hasMessage("stopped");
            new MembershipChange(membership, NOTHING, duration -> {}).giveUp(Optional.of("c"));
            assertThat(membership.confirmed().epoch()).isEqualTo(3);
        }
        try (Membership membership = open()) {
            assertThat(membership.standings()).allMatch(Standing::present);
            assertThat(membership.standings().get(2).address()).isEqualTo("/sites/c");
            assertThatThrownBy(() -> replaceOne("c", "/new/c")).hasMessageContaining("already a site of keep");
        }
        replaceOne("c", "/newer/c");
    }

    @Test
    void aSiteThatIsDeclaredLostDoesNotComeBack() throws IOException {
        try (Membership membership = open()) {
            assertThatThrownBy(() -> replace(membership, order("c", "/new/c", Departure.LOST), joint -> {
                        throw new IOException("stopped");
                    }))
                    .hasMessage("stopped");
            assertThatThrownBy(() -> new MembershipChange(membership, NOTHING, duration -> {}).giveUp(Optional.of("c")))
                    .hasMessageContaining("cannot come back");
        }
        keepers.addresses.remove("/new/c");
        replaceOne("c", "/newer/c");
        try (Membership membership = open()) {
            assertThat(membership.standings().get(2).address()).isEqualTo("/newer/c");
        }
    }

    @Test
    void aSiteMayBeLostWhileItIsReplaced() throws IOException {
        try (Membership membership = open()) {
            assertThatThrownBy(() -> replace(membership, order("c", "/new/c", Departure.SERVING), joint -> {
                        throw new IOException("stopped");
                    }))
                    .hasMessage("stopped");
            replace(
                    membership,
                    order("c", "/new/c", Departure.LOST),
                    incoming -> assertThat(membership
                                    .configuration()
                                    .transition()
                                    .flatMap(Transition::leaving)
                                    .orElseThrow()
                                    .departure())
                            .isEqualTo(Departure.LOST));
            assertThat(membership.confirmed().epoch()).isEqualTo(4);
        }
    }

    @Test
    void aSiteOfAKeepTakesNoOthersPlace() throws IOException {
        keepers.addresses.put("/new/c", keepers.stores.get(3));
        assertThatThrownBy(() -> replaceOne("c", "/new/c")).hasMessageContaining("already a site of keep");
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(1);
        }
    }

    @Test
    void anUnknownSiteIsNamedWithThoseThatAre() {
        assertThatThrownBy(() -> replaceOne("x", "/new/x")).hasMessageContaining("[a, b, c, d, e, f]");
    }

    @Test
    void itIsRefusedIfReadsWouldStopMeanwhile() throws IOException {
        Keepers.wipe(keepers.stores.get(2));
        Keepers.wipe(keepers.stores.get(3));
        assertThatThrownBy(() -> replaceOne("c", "/new/c"))
                .hasMessageContaining("c: it has no identity")
                .hasMessageContaining("declare it lost");
    }

    @Test
    void theLeaseSparesReadingTheConfiguration() throws IOException {
        try (Keepers leased = new Keepers(Profile.of(4, 2), Duration.ofHours(1), KEY, 2);
                Membership membership = leased.open(leased.search(), KEY)) {
            Layout layout = membership.confirmed();
            leased.stores.forEach(SiteReplacementTest::wipe);
            assertThat(membership.confirmed()).isSameAs(layout);
        }
    }

    @Test
    void withoutALeaseItIsReadEachTime() throws IOException {
        try (Membership membership = open();
                Membership other = open()) {
            assertThat(other.confirmed().epoch()).isEqualTo(1);
            replace(membership, order("c", "/new/c", Departure.SERVING), joint -> {
                assertThat(other.confirmed().epoch()).isEqualTo(2);
                assertThat(other.confirmed().sites()).hasSize(7);
            });
            assertThat(other.confirmed().epoch()).isEqualTo(3);
            keepers.stores.forEach(SiteReplacementTest::wipe);

            assertThat(other.standings()).allMatch(Standing::present);
        }
    }

    @Test
    void aLeaseRunsFromBeforeTheListing() throws IOException {
        try (Keepers leased = new Keepers(Profile.of(4, 2), Duration.ofMillis(300), KEY, 2);
                Membership membership = leased.open(leased.search(), KEY)) {
            leased.addresses.put("/new/c", new MemoryStore());
            try (Membership other = leased.open(leased.search(), KEY)) {
                Order order =
                        Order.replace("c", new Arrival("/new/c", leased.addresses.get("/new/c")), Departure.SERVING);
                List<Duration> waits = new ArrayList<>();
                new MembershipChange(other, NOTHING, waits::add).run(order);
                assertThat(waits).containsExactly(Duration.ofMillis(600));
            }
            assertThat(membership.confirmed().epoch()).isEqualTo(3);
        }
    }

    @Test
    void aCopyOfASiteDoesNotTakeItsPlace() throws IOException {
        MemoryStore copy = new MemoryStore();
        for (Map.Entry<String, byte[]> blob :
                Keepers.contents(keepers.stores.get(2)).entrySet()) {
            SmallBlob.write(copy, BlobKey.of(blob.getKey()), blob.getValue());
        }
        keepers.addresses.put("/copy/c", copy);
        assertThatThrownBy(() -> replaceOne("c", "/copy/c"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("/copy/c is a copy of site c, which is at /sites/c");
    }

    /** While the one is copied the keys are changed by others, who know of the new site or of the former only. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysThatAreChangedMeanwhileAreAtTheNewSite(boolean before) throws IOException {
        KeyRing other = TestKey.ring("test:other", 2);
        KeyUpdate update = new KeyUpdate(keepers.tasks, keepers.random, Keepers.PATIENCE);
        try (Membership idle = open();
                Membership membership = open()) {
            replace(membership, order("c", "/new/c", Departure.SERVING), joint -> {
                if (before) {
                    update.replace(idle, idle.keys(), other, Set.of());
                }
            });
            WrappedKeys now = before ? Glimpse.keys(keepers.stores.get(0)).get(0) : idle.keys();
            KeyUpdate.Result result = update.replace(idle, now, other, Set.of(new KeyUri("test:key")));
            assertThat(result.outdated()).isEmpty();
            assertThat(Glimpse.keys(Objects.requireNonNull(keepers.addresses.get("/new/c"))))
                    .containsExactly(result.keys());
        }
    }

    @Test
    void keysFromBeforeTheirChangeDoNotStayAtTheNewSite() throws IOException {
        KeyUpdate update = new KeyUpdate(keepers.tasks, keepers.random, Keepers.PATIENCE);
        try (Membership membership = open()) {
            assertThatThrownBy(() -> replace(membership, order("c", "/new/c", Departure.SERVING), joint -> {
                        SmallBlob.write(
                                joint.sites().get(6).store(),
                                MemberKeys.fresh(MemberKeys.KEYS, 1, keepers.random),
                                membership.keys().encode());
                        throw new UnavailableException("stopped");
                    }))
                    .hasMessageContaining("stopped");
            KeyUpdate.Result result =
                    update.replace(membership, membership.keys(), TestKey.ring("test:key", 2), Set.of());
            replace(membership, order("c", "/new/c", Departure.SERVING), NOTHING);
            assertThat(Glimpse.keys(Objects.requireNonNull(keepers.addresses.get("/new/c"))))
                    .containsExactly(result.keys());
        }
    }

    /** Leaves a configuration at all sites that the register does not name. */
    private void propose() throws IOException {
        try (Membership membership = open()) {
            Configuration next = membership
                    .configuration()
                    .changing(order("b", "/nowhere", Departure.SERVING)
                            .transition(membership.configuration(), SiteId.random(keepers.random)));
            for (MemoryStore store : keepers.stores) {
                BlobKey key = MemberKeys.fresh(MemberKeys.CONFIG, 2, keepers.random);
                SmallBlob.write(store, key, membership.succession().seal(next));
            }
        }
    }

    private Membership open() throws IOException {
        return keepers.open(keepers.search(), KEY);
    }

    private Order order(String site, String address, Departure departure) {
        MemoryStore store = keepers.addresses.computeIfAbsent(address, fresh -> new MemoryStore());
        return Order.replace(site, new Arrival(address, store), departure);
    }

    private void replaceOne(String site, String address) throws IOException {
        try (Membership membership = open()) {
            replace(membership, order(site, address, Departure.SERVING), NOTHING);
        }
    }

    private static void replace(Membership membership, Order order, Copying copying) throws IOException {
        new MembershipChange(membership, copying, duration -> {}).run(order);
    }

    private static void wipe(MemoryStore store) {
        try {
            Keepers.wipe(store);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
