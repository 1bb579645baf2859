package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
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
    void allSitesOfAFreshKeepArePresent() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.standings()).hasSize(6).allMatch(Standing::present);
            assertThat(membership.configuration().profile()).isEqualTo(Profile.of(4, 2));
            assertThat(membership.configuration().keepId()).isEqualTo(keepers.keepId);
            assertThat(membership.keys().generation()).isEqualTo(1);
            assertThat(membership.strangers()).isEmpty();
        }
    }

    @Test
    void theDefaultNamespaceOpens() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            NamespaceEntry namespace =
                    membership.configuration().namespace("default").orElseThrow();
            membership.namespaceSecret(namespace).close();
        }
    }

    @Test
    void aKeepOfOneSiteOpens() throws IOException {
        try (Keepers single = new Keepers(Profile.of(1, 0), KEY, 2);
                Membership membership = single.open(single.search(), KEY)) {
            assertThat(membership.standings()).hasSize(1).allMatch(Standing::present);
        }
    }

    @Test
    void aWipedSiteIsAway() throws IOException {
        Keepers.wipe(keepers.stores.get(2));
        assertAway("c", "no identity", "mount the right one");
    }

    @Test
    void aSiteThatLostOnlyItsIdentityIsAway() throws IOException {
        keepers.stores.get(2).delete(MemberKeys.IDENTITY);
        assertAway("c", "no identity");
    }

    @Test
    void aNewStoreInPlaceOfASiteIsAway() throws IOException {
        keepers.stores.set(0, new MemoryStore());
        assertAway("a", "no identity");
    }

    @Test
    void aSiteThatCannotBeOpenedIsAwayAndSaysWhy() throws IOException {
        List<Candidate> candidates = new ArrayList<>(keepers.search().candidates());
        candidates.set(5, new Candidate(Optional.of("f"), "/mnt/f", () -> {
            throw new UnavailableException("the directory is empty: is its disk mounted?");
        }));
        try (Membership membership = keepers.open(keepers.search(candidates), KEY)) {
            assertThat(membership.standings().get(5).away())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("is its disk mounted"));
        }
    }

    @Test
    void aSiteOfAnotherKeepIsAway() throws IOException {
        try (Keepers other = new Keepers(Profile.of(4, 2), KEY, 3)) {
            keepers.stores.set(1, other.stores.get(1));
            assertAway("b", "another keep", other.keepId.hex());
        }
    }

    @Test
    void swappedSitesAreAwayAndTheRemedyNamesBoth() throws IOException {
        MemoryStore first = keepers.stores.get(0);
        keepers.stores.set(0, keepers.stores.get(1));
        keepers.stores.set(1, first);
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.standings().get(0).away().orElseThrow())
                    .contains("it is site b")
                    .contains("not a");
            assertThat(membership.standings().get(1).away().orElseThrow())
                    .contains("it is site a")
                    .contains("not b");
            assertThat(membership.standings().subList(2, 6)).allMatch(Standing::present);
        }
    }

    @Test
    void theOrderOfCandidatesMeansNothing() throws IOException {
        List<Candidate> reversed = new ArrayList<>(keepers.search().candidates());
        java.util.Collections.reverse(reversed);
        try (Membership membership = keepers.open(keepers.search(reversed), KEY)) {
            assertThat(membership.standings()).allMatch(Standing::present);
            assertThat(membership.latest().sites())
                    .extracting(site -> site.name())
                    .containsExactly("a", "b", "c", "d", "e", "f");
        }
    }

    @Test
    void aMemberWithoutCandidateIsAwayWithItsLastAddress() throws IOException {
        List<Candidate> five = keepers.search().candidates().subList(0, 5);
        try (Membership membership = keepers.open(keepers.search(five), KEY)) {
            assertThat(membership.standings().get(5).away().orElseThrow()).contains("/sites/f");
        }
    }

    @Test
    void aCandidateOfAnUnknownNameIsAStranger() throws IOException {
        List<Candidate> candidates = new ArrayList<>(keepers.search().candidates());
        candidates.set(0, Keepers.candidate("alpha", keepers.stores.get(0)));
        try (Membership membership = keepers.open(keepers.search(candidates), KEY)) {
            assertThat(membership.strangers()).containsExactly("alpha");
            assertThat(membership.standings().get(0).present()).isFalse();
        }
    }

    @Test
    void aForgedIdentityIsAway() throws IOException {
        try (SecretBytes attackers = SecretBytes.random(keepers.random, 32)) {
            MemoryStore site = keepers.stores.get(3);
            Identity genuine = Identity.parse(SmallBlob.read(site, MemberKeys.IDENTITY, Identity.BYTES));
            Keepers.overwrite(site, MemberKeys.IDENTITY, genuine.seal(attackers));
        }
        assertAway("d", "forged");
    }

    @Test
    void whatIsKnownOfAStoreIsBelievedOfThatSiteAndUnderTheKeepsMacOnly() throws IOException {
        MemoryStore site = keepers.stores.get(3);
        BlobKey key = Keepers.keys(site, MemberKeys.CAPABILITIES).get(0);
        SiteCapabilities genuine = SiteCapabilities.parse(SmallBlob.read(site, key, SiteCapabilities.BYTES));
        byte[] neighbours = SmallBlob.read(
                keepers.stores.get(2),
                Keepers.keys(keepers.stores.get(2), MemberKeys.CAPABILITIES).get(0),
                SiteCapabilities.BYTES);
        try (SecretBytes attackers = SecretBytes.random(keepers.random, 32)) {
            for (byte[] blob : List.of(genuine.seal(attackers), neighbours, new byte[10])) {
                Keepers.overwrite(site, key, blob);
                try (Membership membership = keepers.open(keepers.search(), KEY)) {
                    assertThat(membership.standings()).allMatch(Standing::present);
                    assertThat(membership.standings().get(3).capabilities()).isEmpty();
                    assertThat(membership.standings().get(2).capabilities()).isPresent();
                }
            }
        }
    }

    @Test
    void whatIsFoundOfAStoreLaterTakesTheFormersPlace() throws IOException {
        Capabilities found = new Capabilities(1, 1000, Races.PROVEN, 100, Map.of());
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            membership.note(membership.standings().get(3), found);
        }
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership
                            .standings()
                            .get(3)
                            .capabilities()
                            .orElseThrow()
                            .found())
                    .isEqualTo(found);
            assertThat(membership
                            .standings()
                            .get(2)
                            .capabilities()
                            .orElseThrow()
                            .found())
                    .isNotEqualTo(found);
        }
        assertThat(Keepers.keys(keepers.stores.get(3), MemberKeys.CAPABILITIES)).hasSize(1);
    }

    @Test
    void aDamagedIdentityIsAway() throws IOException {
        MemoryStore site = keepers.stores.get(3);
        byte[] blob = SmallBlob.read(site, MemberKeys.IDENTITY, Identity.BYTES);
        blob[40] ^= 1;
        Keepers.overwrite(site, MemberKeys.IDENTITY, blob);
        assertAway("d", "damaged");
    }

    @Test
    void aWipedSiteThatGotItsNeighboursIdentityIsAway() throws IOException {
        MemoryStore site = keepers.stores.get(3);
        Keepers.wipe(site);
        byte[] neighbours = SmallBlob.read(keepers.stores.get(2), MemberKeys.IDENTITY, Identity.BYTES);
        SmallBlob.write(site, MemberKeys.IDENTITY, neighbours);
        assertAway("d", "it is site c");
    }

    @Test
    void aLowerEpochThanSeenBeforeIsRefused() {
        assertThatThrownBy(() -> Membership.open(keepers.search(), 2, Keepers.ANY_KEY, KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("epoch 1")
                .hasMessageContaining("epoch 2 was seen");
    }

    @Test
    void aConfigurationOlderThanASitesIdentityIsRefused() throws IOException {
        Configuration first = configuration();
        Identity joined = new Identity(0, keepers.keepId, first.members().get(0).siteId(), 9);
        try (Membership membership = keepers.open(keepers.search(), KEY);
                SecretBytes identityKey = membership.secret().derive(KeyPurpose.IDENTITY)) {
            Keepers.overwrite(keepers.stores.get(0), MemberKeys.IDENTITY, joined.seal(identityKey));
        }
        assertThatThrownBy(() -> keepers.open(keepers.search(), KEY)).hasMessageContaining("epoch 9 was seen");
    }

    @Test
    void aForgedConfigurationIsPassedOver() throws IOException {
        Configuration first = configuration();
        Configuration forged = new Configuration(
                first.keepId(), 5, first.terms(), first.members(), Optional.empty(), first.namespaces());
        try (SecretBytes attackers = SecretBytes.random(keepers.random, 32)) {
            for (MemoryStore store : keepers.stores) {
                SmallBlob.write(store, MemberKeys.fresh(MemberKeys.CONFIG, 5, keepers.random), forged.seal(attackers));
            }
        }
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.configuration().epoch()).isEqualTo(1);
        }
    }

    @Test
    void oneReadableCopyOfTheConfigurationIsEnough() throws IOException {
        for (MemoryStore store : keepers.stores.subList(1, 6)) {
            store.delete(Keepers.keys(store, MemberKeys.CONFIG).get(0));
        }
        keepers.open(keepers.search(), KEY).close();
    }

    @Test
    void fewerThanKSitesAreRefusedAndEachIsNamed() throws IOException {
        for (MemoryStore store : keepers.stores.subList(0, 3)) {
            Keepers.wipe(store);
        }
        assertThatThrownBy(() -> keepers.open(keepers.search(), KEY))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("needed 4, found 3")
                .hasMessageContaining("a (/sites/a)")
                .hasMessageContaining("b (/sites/b)")
                .hasMessageContaining("c (/sites/c)");
    }

    @Test
    void exactlyKSitesOpen() throws IOException {
        Keepers.wipe(keepers.stores.get(0));
        Keepers.wipe(keepers.stores.get(5));
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.standings()).filteredOn(Standing::present).hasSize(4);
        }
    }

    @Test
    void anAwaySiteRefusesEveryCall() throws IOException {
        Keepers.wipe(keepers.stores.get(0));
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            var store = membership.latest().sites().get(0).store();
            BlobKey key = BlobKey.of("x");
            assertThatThrownBy(() -> store.create(key)).hasMessageStartingWith("away: ");
            assertThatThrownBy(() -> store.open(key)).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> store.delete(key)).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> store.list(KeyPrefix.ALL, null, 1)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void aWrongKeyDoesNotOpen() {
        assertThatThrownBy(() -> keepers.open(keepers.search(), TestKey.ring("test:key", 2)))
                .isInstanceOfSatisfying(
                        KeyUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(KeyUnavailableException.Reason.WRONG_KEY));
    }

    @Test
    void aKeyThatIsNotAllowedIsNotAsked() {
        assertThatThrownBy(() -> Membership.open(keepers.search(), 1, uri -> false, KEY))
                .isInstanceOfSatisfying(
                        KeyUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(KeyUnavailableException.Reason.NO_SUCH_KEY));
    }

    @Test
    void allSitesTogetherCannotSwapTheSecret() throws IOException {
        // Whoever may wrap under the user's key (a KMS, a public key) wraps a secret of his own at every site.
        try (OpenSecret attackers = OpenSecret.random(Membership.SECRET_CONTEXT, keepers.random)) {
            byte[] forged = new WrappedKeys(keepers.keepId, 2, KEY.wrap(attackers)).encode();
            for (MemoryStore store : keepers.stores) {
                store.delete(Keepers.keys(store, MemberKeys.KEYS).get(0));
                SmallBlob.write(store, MemberKeys.fresh(MemberKeys.KEYS, 2, keepers.random), forged);
            }
        }
        assertThatThrownBy(() -> keepers.open(keepers.search(), KEY)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void forgedKeysOfANewerGenerationArePassedOver() throws IOException {
        try (OpenSecret attackers = OpenSecret.random(Membership.SECRET_CONTEXT, keepers.random)) {
            byte[] forged = new WrappedKeys(keepers.keepId, 99, KEY.wrap(attackers)).encode();
            SmallBlob.write(keepers.stores.get(0), MemberKeys.fresh(MemberKeys.KEYS, 99, keepers.random), forged);
        }
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.keys().generation()).isEqualTo(1);
        }
    }

    @Test
    void keysAreFoundAsLongAsOneSiteHasThem() throws IOException {
        for (MemoryStore store : keepers.stores.subList(0, 5)) {
            store.delete(Keepers.keys(store, MemberKeys.KEYS).get(0));
        }
        keepers.open(keepers.search(), KEY).close();
    }

    @Test
    void namelessSitesInAnyOrderAreRecognised() throws IOException {
        List<Candidate> candidates = List.of(
                Keepers.nameless("/x", keepers.stores.get(4)),
                Keepers.nameless("/y", keepers.stores.get(1)),
                Keepers.nameless("/z", keepers.stores.get(0)),
                Keepers.nameless("/w", keepers.stores.get(5)),
                Keepers.nameless("/v", keepers.stores.get(2)));
        Search search = keepers.search(Optional.empty(), candidates);
        try (Membership membership = keepers.open(search, KEY)) {
            assertThat(membership.standings())
                    .extracting(Standing::present)
                    .containsExactly(true, true, true, false, true, true);
            assertThat(membership.standings().get(4).address()).isEqualTo("/x");
        }
    }

    @Test
    void sitesOfSeveralKeepsWithoutAnIdAreRefused() throws IOException {
        try (Keepers other = new Keepers(Profile.of(4, 2), KEY, 3)) {
            List<Candidate> candidates =
                    List.of(Keepers.nameless("/x", keepers.stores.get(4)), Keepers.nameless("/y", other.stores.get(1)));
            Search search = keepers.search(Optional.empty(), candidates);
            assertThatThrownBy(() -> keepers.open(search, KEY))
                    .hasMessageContaining("/x is of " + keepers.keepId)
                    .hasMessageContaining("/y is of " + other.keepId);
        }
    }

    @Test
    void aCopiedSiteIsNotBelievedTwice() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (MemoryStore store : keepers.stores) {
            candidates.add(Keepers.nameless("/" + candidates.size(), store));
        }
        candidates.add(Keepers.nameless("/copy", keepers.stores.get(0)));
        Search search = keepers.search(Optional.empty(), candidates);
        try (Membership membership = keepers.open(search, KEY)) {
            assertThat(membership.standings().get(0).present()).isFalse();
            assertThat(membership.standings().subList(1, 6)).allMatch(Standing::present);
        }
    }

    @Test
    void aLookWithoutKeysShowsTheSame() throws IOException {
        Keepers.wipe(keepers.stores.get(2));
        Membership.Appearance appearance = Membership.look(keepers.search(), 1);
        assertThat(appearance.agreed()).isTrue();
        assertThat(appearance.configuration()).isEqualTo(configuration());
        assertThat(appearance.standings()).filteredOn(Standing::present).hasSize(5);
        assertThat(appearance.keys().orElseThrow().generation()).isEqualTo(1);
    }

    /** A liar that names others, or itself alone, as the members: neither is shown by most sites. */
    @Test
    void withoutKeysOneSiteDoesNotTellWhatTheKeepConsistsOf() throws IOException {
        Configuration now = configuration();
        Terms alone = new Terms(new Profile(1, 0, 0, 0), Duration.ZERO, 1);
        List<Configuration> lies = List.of(
                new Configuration(now.keepId(), 99, now.terms(), now.members(), now.transition(), List.of(stranger())),
                new Configuration(
                        now.keepId(), 98, alone, now.members().subList(0, 1), now.transition(), now.namespaces()));
        try (SecretBytes attackers = SecretBytes.random(keepers.random, 32)) {
            for (Configuration lie : lies) {
                SmallBlob.write(
                        keepers.stores.get(0),
                        MemberKeys.fresh(MemberKeys.CONFIG, lie.epoch(), keepers.random),
                        lie.seal(attackers));
            }
        }
        Membership.Appearance appearance = Membership.look(keepers.search(), 1);
        assertThat(appearance.configuration()).isEqualTo(now);
        assertThat(appearance.agreed()).isTrue();
    }

    @Test
    void withoutKeysFewerThanQSitesAgreeOnNothing() throws IOException {
        for (int away = 0; away < 3; away++) {
            assertThat(Membership.look(keepers.search(), 1).agreed()).isTrue();
            Keepers.wipe(keepers.stores.get(away));
        }
        Membership.Appearance appearance = Membership.look(keepers.search(), 1);
        assertThat(appearance.agreed()).isFalse();
        assertThat(appearance.configuration().epoch()).isEqualTo(1);
    }

    @Test
    void withoutKeysNobodyAgreesOnLessThanWasSeenBefore() throws IOException {
        assertThat(Membership.look(keepers.search(), 2).agreed()).isFalse();
    }

    private NamespaceEntry stranger() throws IOException {
        try (OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, keepers.random)) {
            return NamespaceEntry.create("default", NamespaceMode.LWW, secret, keepers.random);
        }
    }

    private Configuration configuration() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            return membership.configuration();
        }
    }

    private void assertAway(String name, String... reasons) throws IOException {
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            for (Standing standing : membership.standings()) {
                assertThat(standing.present())
                        .as(standing.name())
                        .isEqualTo(!standing.name().equals(name));
                if (!standing.present()) {
                    assertThat(standing.away().orElseThrow()).contains(reasons);
                }
            }
        }
    }
}
