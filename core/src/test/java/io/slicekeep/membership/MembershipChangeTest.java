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
import io.slicekeep.membership.MembershipChange.Copying;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sites are added and removed, and counted by other profiles. */
@Tag("once")
class MembershipChangeTest {
    private static final KeyRing KEY = TestKey.ring("test:key", 1);
    private static final Copying NOTHING = joint -> {};
    private static final Profile SIX = Profile.parse("4+2");
    private static final Profile SEVEN = Profile.parse("4+3");

    private Keepers keepers;

    @BeforeEach
    void found() throws IOException {
        keepers = new Keepers(SIX, Duration.ZERO, KEY, 1);
    }

    @AfterEach
    void close() throws IOException {
        keepers.close();
    }

    @Test
    void anAddedSiteHasASliceOfItsOwn() throws IOException {
        try (Membership membership = open()) {
            run(membership, add("g", SEVEN), joint -> {
                assertThat(joint.sites()).hasSize(7);
                assertThat(joint.sites().get(6).slice()).isEqualTo(6);
                assertThat(joint.sites().get(6).name()).isEqualTo("g");
                assertThat(joint.profile()).isEqualTo(SIX);
                assertThat(joint.cells()).isEqualTo(7);
                assertThat(joint.quorums().writers()).isEqualTo("5 of the old and 6 of the new");
            });
            assertThat(membership.confirmed().epoch()).isEqualTo(3);
            assertThat(membership.confirmed().profile()).isEqualTo(SEVEN);
        }
        try (Membership membership = open()) {
            assertThat(membership.standings()).hasSize(7).allMatch(Standing::present);
            assertThat(membership.standings()).allMatch(standing -> standing.keysGeneration() == 1);
            assertThat(membership.standings().get(6).address()).isEqualTo("/sites/g");
        }
    }

    @ParameterizedTest
    @EnumSource(Departure.class)
    void whatIsRemovedLeavesItsSliceToTheNextThatComes(Departure departure) throws IOException {
        change(add("g", SEVEN));
        try (Membership membership = open()) {
            run(membership, Order.remove("c", departure, SIX), joint -> {
                assertThat(joint.sites()).hasSize(7);
                assertThat(joint.memberships().get(1)).hasSize(6);
            });
            Layout layout = membership.confirmed();
            assertThat(layout.epoch()).isEqualTo(5);
            assertThat(layout.profile()).isEqualTo(SIX);
            assertThat(layout.sites()).extracting(Site::name).containsExactly("a", "b", "d", "e", "f", "g");
            assertThat(layout.sites()).extracting(Site::slice).containsExactly(0, 1, 3, 4, 5, 6);
            assertThat(layout.cells()).isEqualTo(7);
        }
        change(add("h", SEVEN));
        try (Membership membership = open()) {
            assertThat(membership.confirmed().sites())
                    .extracting(Site::name)
                    .containsExactly("a", "b", "h", "d", "e", "f", "g");
            assertThat(membership.standings()).allMatch(Standing::present);
        }
    }

    @Test
    void aRemovedSiteIsRefusedAndToldSo() throws IOException {
        change(add("g", SEVEN));
        change(Order.remove("g", Departure.SERVING, SIX));
        try (Membership membership = open()) {
            assertThat(membership.confirmed().profile()).isEqualTo(SIX);
            assertThat(membership.standings()).hasSize(6).allMatch(Standing::present);
        }
        assertThat(whyAway(3, "/sites/g")).contains("epoch 1", "was removed since", "correct the path");
        change(add("h", SEVEN));
        assertThat(whyAway(3, "/sites/g")).contains("was replaced since: site h is at /sites/h now");
    }

    @Test
    void whatWasRemovedIsNotAMistakeToRemove() throws IOException {
        change(add("g", SEVEN));
        change(Order.remove("g", Departure.SERVING, SIX));
        change(Order.remove("g", Departure.SERVING, SIX));
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(5);
            assertThat(membership.formerSites()).containsExactly("g");
        }
        assertThatThrownBy(() -> change(Order.remove("x", Departure.SERVING, SIX)))
                .hasMessageContaining("no site x; it has [a, b, c, d, e, f]");
    }

    /** Says what is wrong with a keep file that has a wrong path for a site. */
    private String whyAway(int index, String address) throws IOException {
        List<Candidate> candidates = new ArrayList<>(keepers.search().candidates());
        candidates.set(index, new Candidate(Optional.of(Keepers.name(index)), address, store(address)::share));
        try (Membership membership = Membership.open(keepers.search(candidates), 5, Keepers.ANY_KEY, KEY)) {
            return membership.standings().get(index).away().orElseThrow();
        }
    }

    @Test
    void theSameSitesAreCountedByAnotherProfile() throws IOException {
        Profile next = Profile.parse("4+2,f=1");
        try (Membership membership = open()) {
            run(membership, Order.reshape(next), joint -> {
                assertThat(joint.sites()).hasSize(6);
                assertThat(joint.faults()).isEqualTo(1);
                assertThat(joint.quorums().readers()).isEqualTo("5 of the old and 6 of the new");
            });
            assertThat(membership.confirmed().profile()).isEqualTo(next);
        }
        change(Order.reshape(next));
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(3);
        }
    }

    /** An old file names six sites; in the end only three of them are left. */
    @Test
    void theFirstFileStillOpensWhenMostSitesHaveComeSince() throws IOException {
        for (String site : List.of("g", "h", "i")) {
            change(add(site, profileOf(7)));
            change(Order.remove(Keepers.name(site.charAt(0) - 'g'), Departure.SERVING, SIX));
        }
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(13);
            assertThat(membership.standings()).allMatch(Standing::present);
            assertThat(membership.confirmed().sites())
                    .extracting(Site::name)
                    .containsExactly("h", "i", "d", "e", "f", "g");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "add, 4+2, 4+3",
        "remove, 4+2, 4+1",
        "reshape, 4+2, '4+2,f=1'",
        "reshape, 4+2, 3+3",
        "add, '2+1,f=1,away=0', '2+2,f=1,away=0'"
    })
    void stoppedAnywhereItGoesOnWhenItIsRunAgain(String what, String before, String after) throws IOException {
        Profile next = Profile.parse(after);
        boolean stopped = true;
        int changes = 0;
        while (stopped) {
            try (Keepers fresh = new Keepers(Profile.parse(before), Duration.ZERO, KEY, 1)) {
                keepers.close();
                keepers = fresh;
                stopped = dies(what, next, changes);
                open().close();
                change(order(what, next, store("/sites/g")));
                try (Membership membership = open()) {
                    assertThat(membership.configuration().transition()).isEmpty();
                    assertThat(membership.confirmed().profile()).isEqualTo(next);
                    assertThat(membership.standings()).allMatch(Standing::present);
                }
                changes++;
            }
        }
        assertThat(changes).isGreaterThan(3 * next.sites());
    }

    /** Whoever found the configuration proposed asked its sites whether it is decided, and his ballot stands there. */
    @Test
    void aStoreThatWasAskedAboutItsProposalIsTakenAgain() throws IOException {
        for (int changes = 0; !contents("/sites/g").containsKey(MemberKeys.IDENTITY.value()); changes++) {
            assertThat(dies("add", SEVEN, changes)).isTrue();
        }
        SmallBlob.write(store("/sites/g"), BlobKey.of("r/config!ballot"), new byte[1]);
        byte[] identity = contents("/sites/g").get(MemberKeys.IDENTITY.value());
        change(add("g", SEVEN));
        assertThat(contents("/sites/g")).containsEntry(MemberKeys.IDENTITY.value(), identity);
        try (Membership membership = open()) {
            assertThat(membership.standings()).hasSize(7).allMatch(Standing::present);
        }
    }

    private Map<String, byte[]> contents(String address) throws IOException {
        return Keepers.contents(store(address));
    }

    /** Does it in a process that dies after some changes; tells whether that was before its end. */
    private boolean dies(String what, Profile next, int changes) throws IOException {
        AtomicInteger left = new AtomicInteger(changes);
        List<Candidate> candidates = keepers.search().candidates().stream()
                .map(candidate -> new Candidate(
                        candidate.name(),
                        candidate.address(),
                        () -> new MortalStore(candidate.opening().open(), left)))
                .toList();
        MemoryStore incoming = store("/sites/g");
        Search search = new Search(
                Optional.of(keepers.keepId),
                candidates,
                address -> new MortalStore(incoming.share(), left),
                keepers.search().means(),
                Keepers.PATIENCE);
        try (Membership membership = Membership.open(search, 1, Keepers.ANY_KEY, KEY)) {
            run(membership, order(what, next, new MortalStore(incoming.share(), left)), NOTHING);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Order order(String what, Profile next, BlobStore store) {
        return switch (what) {
            case "add" -> Order.add("g", new Order.Arrival("/sites/g", store), next);
            case "remove" -> Order.remove("c", Departure.SERVING, next);
            default -> Order.reshape(next);
        };
    }

    @Test
    void keysThatTooFewHaveMustBeRotatedFirst() throws IOException {
        Profile all = Profile.parse("4+2,f=0,away=0");
        KeyUpdate update = new KeyUpdate(keepers.tasks, keepers.random, Keepers.PATIENCE);
        try (Membership membership = open()) {
            WrappedKeys rotated =
                    update.rotate(membership, membership.keys(), KEY).keys();
            Keepers.overwrite(
                    keepers.stores.get(5),
                    Keepers.keys(keepers.stores.get(5), MemberKeys.KEYS).get(0),
                    membership.keys().encode());
            change(Order.reshape(Profile.parse("4+2,f=1")));
            assertThatThrownBy(() -> change(Order.reshape(all)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("5 of the old and 6 of the new must: rotate the keys");
            update.rotate(membership, rotated, KEY);
        }
        change(Order.reshape(all));
    }

    /** Whoever rotated them knew the members before, and stopped. */
    @Test
    void keysThatTheNewSiteDidNotGetAreBroughtWhenItIsRunAgain() throws IOException {
        KeyUpdate update = new KeyUpdate(keepers.tasks, keepers.random, Keepers.PATIENCE);
        change(add("g", SEVEN));
        try (Membership membership = open()) {
            WrappedKeys rotated =
                    update.rotate(membership, membership.keys(), KEY).keys();
            BlobStore g = store("/sites/g");
            Keepers.overwrite(
                    g,
                    Keepers.keys(g, MemberKeys.KEYS).get(0),
                    membership.keys().encode());
            change(add("g", SEVEN));
            assertThat(Glimpse.keys(g)).contains(rotated);
        }
    }

    @Test
    void oneThingChangesAtATime() throws IOException {
        try (Membership membership = open()) {
            run(membership, add("g", SEVEN), joint -> {
                assertThatThrownBy(() -> change(add("h", SEVEN)))
                        .hasMessageContaining("site g is being added at /sites/g")
                        .hasMessageContaining("finish that first, or give it up");
                assertThatThrownBy(() -> change(add("g", Profile.parse("4+3,f=0"))))
                        .hasMessageContaining("site g is being added");
                assertThatThrownBy(() -> change(Order.remove("c", Departure.SERVING, Profile.parse("4+1"))))
                        .hasMessageContaining("site g is being added");
            });
            run(
                    membership,
                    Order.remove("g", Departure.SERVING, SIX),
                    joint -> assertThatThrownBy(() -> change(Order.reshape(Profile.parse("4+3,f=0"))))
                            .hasMessageContaining("site g is being removed"));
            run(
                    membership,
                    Order.reshape(Profile.parse("4+2,f=1")),
                    joint -> assertThatThrownBy(() -> change(add("h", SEVEN)))
                            .hasMessageContaining("the profile is being changed to 4+2,f=1"));
        }
    }

    @Test
    void whatIsGivenUpLeavesMembersAndProfileAsTheyWere() throws IOException {
        stop(add("g", SEVEN));
        giveUp(Optional.of("g"));
        stop(Order.remove("c", Departure.SERVING, Profile.parse("4+1")));
        giveUp(Optional.of("c"));
        stop(Order.reshape(Profile.parse("4+2,f=1")));
        assertThatThrownBy(() -> giveUp(Optional.of("c"))).hasMessageContaining("not being replaced, added or removed");
        giveUp(Optional.empty());
        assertThatThrownBy(() -> giveUp(Optional.empty())).hasMessageContaining("is not being changed");
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(7);
            assertThat(membership.confirmed().profile()).isEqualTo(SIX);
            assertThat(membership.standings()).hasSize(6).allMatch(Standing::present);
        }
    }

    /** What is written meanwhile is sliced by the next k already. */
    @Test
    void anotherKIsNotGivenUp() throws IOException {
        Profile next = Profile.parse("3+3");
        stop(Order.reshape(next));
        assertThatThrownBy(() -> giveUp(Optional.empty()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("finish that change ('slicekeep profile set 3+3,f=1,away=1')")
                .hasMessageContaining("then change it back to 4+2,f=0,away=1");
        change(Order.reshape(next));
        change(Order.reshape(SIX));
        try (Membership membership = open()) {
            assertThat(membership.confirmed().profile()).isEqualTo(SIX);
        }
    }

    /** No site may go meanwhile, but one may be lost. */
    @Test
    void aSiteThatIsLostWhileKChangesIsReplacedInTheSameChange() throws IOException {
        Profile next = Profile.parse("3+3");
        stop(Order.reshape(next));
        Order.Arrival arrival = new Order.Arrival("/sites/g", store("/sites/g"));
        assertThatThrownBy(() -> change(Order.replace("c", arrival, Departure.SERVING)))
                .hasMessageContaining("the profile is being changed to 3+3");
        Order rescue = Order.replace("c", arrival, Departure.LOST);
        stop(rescue);
        assertThatThrownBy(() -> change(Order.reshape(next))).hasMessageContaining("site c is being replaced");
        change(rescue);
        change(Order.reshape(next));
        try (Membership membership = open()) {
            assertThat(membership.confirmed().profile()).isEqualTo(next);
            assertThat(membership.standings()).extracting(Standing::address).contains("/sites/g");
            assertThat(membership.standings()).hasSize(6).allMatch(Standing::present);
        }
    }

    @Test
    void aSiteThatIsDeclaredLostIsRemovedForGood() throws IOException {
        change(add("g", SEVEN));
        stop(Order.remove("c", Departure.SERVING, SIX));
        stop(Order.remove("c", Departure.LOST, SIX));
        assertThatThrownBy(() -> giveUp(Optional.of("c"))).hasMessageContaining("cannot come back");
        Profile other = Profile.parse("4+2,f=1");
        stop(Order.remove("c", Departure.SERVING, other));
        assertThatThrownBy(() -> giveUp(Optional.of("c"))).hasMessageContaining("cannot come back");
        change(Order.remove("c", Departure.SERVING, other));
        try (Membership membership = open()) {
            assertThat(membership.configuration().indexOf("c")).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefusedAndNothingChanges() throws IOException {
        assertThatThrownBy(() -> change(add("g", Profile.parse("5+2"))))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("k");
        assertThatThrownBy(() -> change(add("g", Profile.parse("4+4")))).hasMessageContaining("4+4");
        assertThatThrownBy(() -> change(add("c", SEVEN))).hasMessageContaining("has a site c already");
        assertThatThrownBy(() -> change(Order.remove("x", Departure.SERVING, Profile.parse("4+1"))))
                .hasMessageContaining("[a, b, c, d, e, f]");
        assertThatThrownBy(() -> change(Order.reshape(SEVEN))).isInstanceOf(UnavailableException.class);
        for (Order order :
                List.of(add("g", Profile.parse("3+4")), Order.remove("c", Departure.SERVING, Profile.parse("3+2")))) {
            assertThatThrownBy(() -> change(order)).hasMessageContaining("k can change only while the sites stay");
        }
        try (Membership membership = open()) {
            assertThat(membership.configuration().epoch()).isEqualTo(1);
        }
    }

    @Test
    void itIsRefusedIfReadsWouldStopMeanwhile() throws IOException {
        Keepers.wipe(keepers.stores.get(2));
        Keepers.wipe(keepers.stores.get(3));
        assertThatThrownBy(() -> change(add("g", SEVEN)))
                .hasMessageContaining("site g cannot be added now")
                .hasMessageContaining("c: it has no identity");
    }

    private static Profile profileOf(int sites) {
        return Profile.parse("4+" + (sites - 4));
    }

    private Order add(String site, Profile next) {
        String address = "/sites/" + site;
        return Order.add(site, new Order.Arrival(address, store(address)), next);
    }

    private MemoryStore store(String address) {
        return keepers.addresses.computeIfAbsent(address, fresh -> new MemoryStore());
    }

    private Membership open() throws IOException {
        return keepers.open(keepers.search(), KEY);
    }

    private void change(Order order) throws IOException {
        try (Membership membership = open()) {
            run(membership, order, NOTHING);
        }
    }

    private void stop(Order order) throws IOException {
        try (Membership membership = open()) {
            assertThatThrownBy(() -> run(membership, order, joint -> {
                        throw new IOException("stopped");
                    }))
                    .hasMessage("stopped");
        }
    }

    private void giveUp(Optional<String> site) throws IOException {
        try (Membership membership = open()) {
            new MembershipChange(membership, NOTHING, duration -> {}).giveUp(site);
        }
    }

    private static void run(Membership membership, Order order, Copying copying) throws IOException {
        new MembershipChange(membership, copying, duration -> {}).run(order);
    }
}
