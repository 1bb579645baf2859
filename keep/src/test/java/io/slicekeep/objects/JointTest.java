package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects while site g takes the place of b, after it, and across it. */
class JointTest {
    private static final ObjectName NAME = ObjectName.of("photos/one");
    private static final Profile SIX = Profile.of(4, 2);
    private static final int LEAVING = 1;
    private static final int COMING = 6;
    private static final int INLINE = 1000;
    private static final int SLICED = 2_000_000;
    private static final int STRIPE = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, INLINE, SLICED})
    void whatWasWrittenBeforeIsBroughtToTheSiteThatComesByteForByte(int length) throws IOException {
        for (Departure departure : Departure.values()) {
            try (Sites sites = new Sites(SIX)) {
                byte[] bytes = Sites.bytes(length, 1);
                sites.put(NAME, bytes);
                Map<BlobKey, byte[]> slices = slices(sites, LEAVING);
                sites.join(departure);
                assertThat(sites.get(NAME)).isEqualTo(bytes);
                assertThat(sites.objects().repair(NAME, Depth.LIGHT).mended()).containsOnlyKeys("g");
                assertThat(slices(sites, COMING)).containsExactlyInAnyOrderEntriesOf(slices);
                ObjectHealth health = sites.objects().inspect(NAME, Depth.DEEP);
                assertThat(health.goodSlices()).isEqualTo(6);
                assertThat(health.bad().keySet()).isEqualTo(departure == Departure.LOST ? Set.of("b") : Set.of());
                sites.release();
                assertThat(sites.get(NAME)).isEqualTo(bytes);
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
                sites.wipe(3);
                assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).containsOnlyKeys("d");
                sites.rot(LEAVING, length == SLICED ? "b/" : "h/");
                assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).containsOnlyKeys("b");
                assertThat(slices(sites, LEAVING)).containsExactlyInAnyOrderEntriesOf(slices);
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
                assertThat(sites.leftOpen()).isZero();
            }
        }
    }

    private static Map<BlobKey, byte[]> slices(Sites sites, int site) throws IOException {
        Map<BlobKey, byte[]> slices = new HashMap<>();
        for (BlobKey key : sites.keys(site, "b/")) {
            slices.put(key, sites.bytes(site, key));
        }
        return slices;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, INLINE, SLICED})
    void aHolderThatIsRottenOrWipedIsRepaired(int length) throws IOException {
        for (int holder : new int[] {LEAVING, COMING}) {
            try (Sites sites = new Sites(SIX)) {
                sites.join(Departure.SERVING);
                sites.put(NAME, Sites.bytes(length, 2));
                Map<BlobKey, byte[]> slices = slices(sites, holder);
                String name = String.valueOf((char) ('a' + holder));
                sites.rot(holder, "h/");
                sites.rot(holder, "b/");
                assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 2));
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys(name);
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).goodSlices())
                        .isEqualTo(6);
                assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).containsOnlyKeys(name);
                sites.wipe(holder);
                assertThat(sites.objects().repair(NAME, Depth.LIGHT).mended()).containsOnlyKeys(name);
                assertThat(slices(sites, holder)).containsExactlyInAnyOrderEntriesOf(slices);
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
            }
        }
    }

    @Test
    void aHolderThatLiesIsFound() throws IOException {
        for (int liar : new int[] {LEAVING, COMING}) {
            try (Sites sites = new Sites(SIX)) {
                sites.join(Departure.SERVING);
                sites.put(NAME, Sites.bytes(SLICED, 3));
                LiarTest.forge(sites, liar);
                assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(SLICED, 3));
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad())
                        .containsOnlyKeys(String.valueOf((char) ('a' + liar)));
                assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).hasSize(1);
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
            }
        }
    }

    /** The last piece of an object ends where its last stripe does: a lie there must not have it read twice. */
    @ParameterizedTest
    @ValueSource(ints = {0, LEAVING, COMING})
    void whatIsReadInSpiteOfALiarIsReadOnce(int liar) throws IOException {
        for (int length : new int[] {STRIPE + 240_000, SLICED}) {
            for (int stripe = 0; stripe < 2; stripe++) {
                try (Sites sites = new Sites(SIX)) {
                    sites.join(Departure.SERVING);
                    byte[] bytes = Sites.bytes(length, 3);
                    sites.put(NAME, bytes);
                    LiarTest.forge(sites, liar, stripe);
                    assertThat(sites.get(NAME)).isEqualTo(bytes);
                    assertRangesAreRead(sites, bytes);
                }
            }
        }
    }

    private static void assertRangesAreRead(Sites sites, byte[] bytes) throws IOException {
        Random random = new Random(17);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(bytes.length);
            int count = 1 + random.nextInt(bytes.length - from);
            try (Source source = sites.objects().open(NAME, Freshness.PROVEN)) {
                ByteBuffer range = ByteBuffer.allocate(count);
                source.readFullyAt(from, range);
                assertThat(range.array())
                        .as("%d bytes from %d", count, from)
                        .isEqualTo(Arrays.copyOfRange(bytes, from, from + count));
            }
        }
    }

    /** W by one count only: five of the old, or five of the new, acknowledge nothing. */
    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void aWriteMustStandOnEnoughSitesByBothCounts(int length) throws IOException {
        for (int other : new int[] {LEAVING, COMING}) {
            try (Sites sites = new Sites(SIX)) {
                sites.join(Departure.SERVING);
                takesNothing(sites, 0);
                takesNothing(sites, other);
                assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(length, 4)))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("5 of the old and 5 of the new must");
            }
        }
        try (Sites sites = new Sites(SIX)) {
            sites.join(Departure.SERVING);
            takesNothing(sites, LEAVING);
            takesNothing(sites, COMING);
            assertThat(sites.put(NAME, Sites.bytes(length, 4)).missing()).containsOnlyKeys("b", "g");
        }
    }

    private static void takesNothing(Sites sites, int site) {
        sites.hook(site).before(call -> {
            if (call == Call.CREATE) {
                throw new UnavailableException("full");
            }
        });
    }

    /** R by one count only: what the others hold may be newer. */
    @Test
    void aReadMustBeAnsweredByBothCounts() throws IOException {
        try (Sites sites = new Sites(SIX)) {
            sites.join(Departure.SERVING);
            sites.put(NAME, Sites.bytes(INLINE, 5));
            for (int other : new int[] {LEAVING, COMING}) {
                sites.away(0, other);
                assertThatThrownBy(() -> sites.list(""))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("5 of the old and 5 of the new must answer");
                assertThat(sites.get(NAME, Freshness.POSSIBLY_STALE)).isEqualTo(Sites.bytes(INLINE, 5));
                sites.back(0, other);
            }
            sites.away(LEAVING, COMING);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 5));
            assertThat(sites.list("")).containsExactly(NAME);
        }
    }

    /** With f = 0 all the others must answer; the site that comes need not. */
    @Test
    void aLostSiteLeavesNobodyToSpareWithoutFaults() throws IOException {
        try (Sites sites = new Sites(SIX)) {
            sites.put(NAME, Sites.bytes(INLINE, 6));
            sites.join(Departure.LOST);
            sites.away(COMING);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 6));
            sites.put(NAME, Sites.bytes(SLICED, 6));
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(SLICED, 6));
            sites.back(COMING);
            sites.away(5);
            assertThatThrownBy(() -> sites.list("")).isInstanceOf(UnavailableException.class);
        }
    }

    /** With f_r = 0 a lost site could never be replaced if it had to answer. */
    @ParameterizedTest
    @ValueSource(strings = {"4+2,f=1", "4+2,f=1,away=0", "4+1", "10+6"})
    void aLostSiteIsReplacedInAnyProfileThatSurvivesIt(String profile) throws IOException {
        try (Sites sites = new Sites(Profile.parse(profile))) {
            String coming = String.valueOf((char) ('a' + Profile.parse(profile).sites()));
            sites.put(NAME, Sites.bytes(SLICED, 7));
            sites.away(LEAVING);
            sites.join(Departure.LOST);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(SLICED, 7));
            assertThat(sites.objects().repair(NAME, Depth.DEEP).mended()).containsOnlyKeys(coming);
            ObjectName other = ObjectName.of("photos/two");
            sites.put(other, Sites.bytes(INLINE, 8));
            sites.release();
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
            assertThat(sites.objects().inspect(other, Depth.DEEP).bad()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Departure.class)
    void aDeletionHoldsByBothCounts(Departure departure) throws IOException {
        try (Sites sites = new Sites(SIX)) {
            sites.put(NAME, Sites.bytes(SLICED, 9));
            sites.join(departure);
            sites.objects().delete(NAME);
            assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            sites.release();
            assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            assertThat(sites.list("")).isEmpty();
        }
    }
}
