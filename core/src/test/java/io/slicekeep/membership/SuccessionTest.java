package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A first replacement stopped between publishing its configuration and deciding it, so the way leads back to the first. */
class SuccessionTest {
    private static final KeyRing KEY = TestKey.ring("test:key", 1);

    private Keepers keepers;
    private Configuration first;
    private byte[] proposed = {};

    @BeforeEach
    void propose() throws IOException {
        keepers = new Keepers(new Profile(4, 4, 1, 2), Duration.ZERO, KEY, 4);
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            first = membership.configuration();
            proposed = membership
                    .succession()
                    .seal(first.changing(Order.replace("b", nowhere(), Departure.SERVING)
                            .transition(first, SiteId.random(keepers.random))));
        }
        for (MemoryStore store : keepers.stores) {
            SmallBlob.write(store, MemberKeys.fresh(MemberKeys.CONFIG, 2, keepers.random), proposed);
        }
    }

    private static Order.Arrival nowhere() {
        return new Order.Arrival("/nowhere", new MemoryStore());
    }

    @AfterEach
    void close() throws IOException {
        keepers.close();
    }

    @Test
    void aForgedFirstConfigurationIsNotFetched() throws IOException {
        Terms terms = new Terms(new Profile(1, 0, 0, 0), Duration.ZERO, 1);
        Configuration forged = new Configuration(
                first.keepId(), 1, terms, first.members().subList(0, 1), Optional.empty(), first.namespaces());
        try (SecretBytes attackers = SecretBytes.random(keepers.random, 32)) {
            firstSiteShows(forged.seal(attackers));
        }
        assertThat(inForce()).isEqualTo(first);
    }

    @Test
    void aGenuineConfigurationInThePlaceOfTheFirstIsNotFetched() throws IOException {
        firstSiteShows(proposed);
        assertThat(inForce()).isEqualTo(first);
    }

    /** Site b is at hand and three others; by the newest configuration, never decided, b is no member any more. */
    @Test
    void kSitesOfAnOlderConfigurationAreEnoughWhereANewerOneIsOnlyProposed() throws IOException {
        Configuration next = Configuration.parse(proposed).changed();
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            byte[] blob = membership.succession().seal(next);
            for (MemoryStore store : keepers.stores) {
                SmallBlob.write(store, MemberKeys.fresh(MemberKeys.CONFIG, next.epoch(), keepers.random), blob);
            }
        }
        for (int away : new int[] {0, 2, 3, 4}) {
            Keepers.wipe(keepers.stores.get(away));
        }
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.proven()).isFalse();
            assertThat(membership.configuration().epoch()).isEqualTo(2);
            assertThat(membership.standings()).filteredOn(Standing::present).hasSize(4);
        }
    }

    /** While no site tells what the register holds the newest that they show is worked with; what is proven takes its place. */
    @Test
    void whatIsInForceTakesThePlaceOfWhatIsOnlyProposed() throws IOException {
        AtomicBoolean silent = new AtomicBoolean(true);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < keepers.stores.size(); i++) {
            MemoryStore store = keepers.stores.get(i);
            String name = Keepers.name(i);
            candidates.add(new Candidate(
                    Optional.of(name), "/sites/" + name, () -> new Secretive(store.share(), "r/", silent)));
        }
        try (Membership membership = keepers.open(keepers.search(candidates), KEY)) {
            assertThat(membership.proven()).isFalse();
            assertThat(membership.configuration().epoch()).isEqualTo(2);
            silent.set(false);
            assertThat(membership.confirmed().epoch()).isEqualTo(1);
            assertThat(membership.configuration()).isEqualTo(first);
            assertThat(membership.proven()).isTrue();
        }
    }

    /** A store that does not list what is in one folder, as long as it is silent. */
    private record Secretive(BlobStore store, String folder, AtomicBoolean silent) implements BlobStore {
        @Override
        public BlobSink create(BlobKey key) throws IOException {
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
            if (silent.get() && prefix.value().startsWith(folder)) {
                throw new UnavailableException("does not answer");
            }
            return store.list(prefix, after, limit);
        }

        @Override
        public void close() throws IOException {
            store.close();
        }
    }

    /** A liar, who is asked first. */
    private void firstSiteShows(byte[] blob) throws IOException {
        MemoryStore liar = keepers.stores.get(0);
        List<BlobKey> former = Keepers.keys(liar, MemberKeys.all(MemberKeys.CONFIG, 1));
        assertThat(former).hasSize(1);
        Keepers.overwrite(liar, former.get(0), blob);
    }

    private Configuration inForce() throws IOException {
        try (Membership membership = keepers.open(keepers.search(), KEY)) {
            assertThat(membership.proven()).isTrue();
            return membership.configuration();
        }
    }
}
