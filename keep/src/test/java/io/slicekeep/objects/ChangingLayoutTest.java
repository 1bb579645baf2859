package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.testkit.Faults.Fault;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operations during which the layout changes: g begins to take the place of b. Site f takes nothing, so that a write stands on the five
 * others, which are enough of the old sites and too few of the new.
 */
class ChangingLayoutTest {
    private static final ObjectName NAME = ObjectName.of("photos/one");
    private static final int INLINE = 1000;
    private static final int SLICED = 2_000_000;
    private static final int COMING = 6;

    private static Sites sites() {
        return new Sites(Profile.of(4, 2));
    }

    private static void takesNothing(Sites sites, int site) {
        sites.hook(site).before(call -> {
            if (call == Call.CREATE) {
                throw new UnavailableException("full");
            }
        });
    }

    /** Does something before a call of its kind at site a, counted from 1. */
    private static void at(Sites sites, Call kind, int number, Runnable change) {
        int[] calls = {0};
        sites.hook(0).before(call -> {
            if (call == kind && ++calls[0] == number) {
                change.run();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"1000, 1", "2000000, 1", "2000000, 2"})
    void aWriteIsExtendedBeforeItIsAcknowledged(int length, int commit) throws IOException {
        try (Sites sites = sites()) {
            takesNothing(sites, 5);
            at(sites, Call.COMMIT, commit, () -> sites.join(Departure.SERVING));
            String revision = sites.put(NAME, Sites.bytes(length, 1)).etag();
            assertThat(sites.keys(COMING, "h/")).hasSize(1);
            assertThat(sites.keys(COMING, "b/")).hasSize(length == SLICED ? 1 : 0);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 1));
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys("f");
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).info().etag()).isEqualTo(revision);
            assertThat(sites.leftOpen()).isZero();
        }
    }

    /** The revision is chosen while there are six. */
    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void aWriteHasASliceForTheSiteThatIsAddedMeanwhile(int length) throws IOException {
        try (Sites sites = sites()) {
            at(sites, Call.LIST, 1, sites::grow);
            sites.put(NAME, Sites.bytes(length, 1));
            assertThat(sites.keys(COMING, "h/")).hasSize(1);
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
            sites.away(0, 1);
            assertThat(sites.get(NAME, Freshness.POSSIBLY_STALE)).isEqualTo(Sites.bytes(length, 1));
        }
    }

    /** It would be enough by both counts, but a site that is added has everything. */
    @Test
    void aSiteThatDoesNotTakeWhatIsBroughtIsNotFilled() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            sites.grow();
            takesNothing(sites, COMING);
            assertThatThrownBy(sites::fill)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("stands on too few sites: g: full");
            sites.hook(COMING).before(call -> {});
            sites.fill();
            assertThat(sites.keys(COMING, "h/")).hasSize(1);
        }
    }

    /** The note that it was final by the old count says nothing of the new. */
    @Test
    void whatWasNotedAlreadyIsExtendedToo() throws IOException {
        for (int away = 2; away < 6; away++) {
            try (Sites sites = sites()) {
                sites.away(away);
                for (int site = 0; site < 6; site++) {
                    sites.site(site).faults(call -> {
                        if (call.startsWith("commit") && call.contains("!ok!") && sites.count() == 6) {
                            sites.join(Departure.SERVING);
                        }
                        return Fault.NONE;
                    });
                }
                sites.put(NAME, Sites.bytes(INLINE, 1));
                assertThat(sites.count()).isEqualTo(7);
                assertThat(sites.keys(COMING, "h/")).hasSize(1);
            }
        }
    }

    /** What the sites of a layout prove that nobody confirms may have been replaced long ago. */
    @Test
    void whatIsReadUnderALayoutThatMayBeOldIsNotProven() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            assertThat(sites.objects().head(NAME, Freshness.POSSIBLY_STALE).proven())
                    .isTrue();
            sites.confirmsOnly(0);
            assertThat(sites.objects().head(NAME, Freshness.POSSIBLY_STALE).proven())
                    .isFalse();
            assertThat(sites.objects()
                            .list(new ListQuery(null, false, null, 10, Freshness.POSSIBLY_STALE))
                            .proven())
                    .isFalse();
            assertThat(sites.objects().inspect(NAME, Depth.LIGHT).info().proven())
                    .isFalse();
            assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(UnavailableException.class);
        }
    }

    /**
     * Whatever confirmation cannot be had, what is said of the write is so: one that failed for certain has left what was there, and
     * what may have been written can be read.
     */
    @ParameterizedTest
    @EnumSource
    void aWriteThatFailsForCertainWasNotMade(NamespaceMode mode) throws IOException {
        byte[] before = Sites.bytes(SLICED, 1);
        byte[] after = Sites.bytes(SLICED, 2);
        boolean written = false;
        for (int confirmations = 0; !written; confirmations++) {
            try (Sites sites = new Sites(Profile.of(4, 2), mode)) {
                sites.put(NAME, before);
                sites.confirmsOnly(confirmations);
                List<byte[]> possible = new ArrayList<>();
                try {
                    sites.put(NAME, after);
                    written = true;
                    possible.add(after);
                } catch (UnavailableException e) {
                    possible.add(before);
                } catch (OutcomeUnknownException e) {
                    possible.addAll(List.of(before, after));
                }
                sites.confirmsOnly(Integer.MAX_VALUE);
                assertThat(sites.get(NAME))
                        .as("after %d confirmations", confirmations)
                        .isIn(possible);
            }
        }
    }

    /** Its slices stand when its head is about to be decided; by then b has been replaced, and no head named them. */
    @Test
    void aConditionalHeadIsDecidedWhereItsSlicesStand() throws IOException {
        try (Sites sites = new Sites(Profile.of(4, 2), NamespaceMode.CONDITIONAL)) {
            at(sites, Call.COMMIT, 2, () -> {
                sites.join(Departure.SERVING);
                fill(sites);
                sites.release();
                at(sites, Call.COMMIT, 2, () -> assertThat(keys(sites, 1)).hasSize(1));
            });
            sites.put(NAME, Sites.bytes(SLICED, 1));
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(SLICED, 1));
        }
    }

    private static List<BlobKey> keys(Sites sites, int site) {
        try {
            return sites.keys(site, "b/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(Sites sites) {
        try {
            sites.fill();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A deletion asks before it begins, and when its tombstone stands. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aDeletionFailsForCertainOnlyBeforeItsTombstoneStands(int confirmations) throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            sites.confirmsOnly(confirmations);
            assertThatThrownBy(() -> sites.objects().delete(NAME))
                    .isInstanceOf(confirmations == 0 ? UnavailableException.class : OutcomeUnknownException.class);
        }
    }

    @Test
    void aDeletionThatStandsNeedsNoFurtherConfirmation() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            sites.confirmsOnly(2);
            assertThat(sites.objects().delete(NAME).etag()).isNotEmpty();
        }
    }

    @Test
    void nothingIsWrittenBackUnderALayoutThatMayBeOld() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            sites.dropNotes();
            sites.wipe(5);
            sites.away(4);
            sites.confirmsOnly(0);
            long commits = sites.count(Call.COMMIT);
            assertThat(sites.get(NAME, Freshness.POSSIBLY_STALE)).isEqualTo(Sites.bytes(INLINE, 1));
            assertThat(sites.count(Call.COMMIT)).isEqualTo(commits);
        }
    }

    @Test
    void aLongUploadIsExtendedAcrossTwoChanges() throws IOException {
        try (Sites sites = sites()) {
            takesNothing(sites, 5);
            try (Sink sink = sites.objects().create(NAME, PutOptions.NONE)) {
                ByteBuffer bytes = ByteBuffer.wrap(Sites.bytes(SLICED, 2));
                sink.write(bytes.slice(0, SLICED - 1));
                sites.join(Departure.SERVING);
                sites.release();
                sink.write(bytes.slice(SLICED - 1, 1));
                assertThat(sites.keys(1, "b/")).isEmpty();
                sink.commit();
            }
            assertThat(sites.keys(1, "b/")).hasSize(1);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(SLICED, 2));
            assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys("f");
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 1", "2000000, 2"})
    void aRecordThatCannotBeExtendedIsOfUnknownOutcome(int length, int commit) throws IOException {
        try (Sites sites = sites()) {
            takesNothing(sites, 5);
            at(sites, Call.COMMIT, commit, () -> {
                sites.join(Departure.SERVING);
                takesNothing(sites, COMING);
            });
            assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(length, 3)))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("the sites of the keep changed");
            sites.hook(COMING).before(call -> {});
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 3));
        }
    }

    /** After two changes at once what stood on five of the old sites is passed by among the new. */
    @Test
    void aWriteThatIsPassedByAmongTheNewSitesIsNotAcknowledged() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 9));
            takesNothing(sites, 5);
            at(sites, Call.COMMIT, 1, () -> {
                sites.join(Departure.SERVING);
                sites.release();
            });
            assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(INLINE, 10)))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("too few of those of today hold it");
        }
    }

    @Test
    void slicesThatCannotBeExtendedAreNamedByNobody() throws IOException {
        try (Sites sites = sites()) {
            takesNothing(sites, 5);
            at(sites, Call.COMMIT, 1, () -> {
                sites.join(Departure.SERVING);
                takesNothing(sites, COMING);
            });
            assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(SLICED, 4))).isInstanceOf(UnavailableException.class);
            for (int site = 0; site <= COMING; site++) {
                assertThat(sites.keys(site, "h/")).isEmpty();
                assertThat(sites.keys(site, "b/")).isEmpty();
            }
        }
    }

    @Test
    void whatFailsLeavesNoSliceAtTheSiteThatComes() throws IOException {
        try (Sites sites = sites()) {
            takesNothing(sites, 5);
            at(sites, Call.COMMIT, 1, () -> {
                sites.join(Departure.SERVING);
                sites.hook(COMING).before(call -> {
                    if (call == Call.COMMIT) {
                        sites.away(4);
                    }
                });
            });
            assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(SLICED, 4))).isInstanceOf(UnavailableException.class);
            assertThat(sites.count(Call.COMMIT)).isGreaterThan(5);
            for (int site : List.of(0, 1, 2, 3, COMING)) {
                assertThat(sites.keys(site, "b/")).as("site %d", site).isEmpty();
            }
        }
    }

    @Test
    void aDeletionIsExtended() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 5));
            takesNothing(sites, 5);
            at(sites, Call.COMMIT, 1, () -> sites.join(Departure.SERVING));
            sites.objects().delete(NAME);
            assertThat(sites.keys(COMING, "h/")).hasSize(1);
            assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    /** What the old sites show may be older than what is acknowledged by the new ones meanwhile. */
    @Test
    void aReadBeginsAnew() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 6));
            at(sites, Call.OPEN, 1, () -> {
                sites.join(Departure.SERVING);
                put(sites, Sites.bytes(INLINE, 7));
            });
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 7));
            assertThat(sites.leftOpen()).isZero();
        }
    }

    /** Sites that were released may be gone: that is no reason to fail. */
    @Test
    void aReadThatFailsUnderTheOldLayoutBeginsAnew() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(SLICED, 8));
            int[] listings = {0};
            sites.hook(0).before(call -> {
                if (call == Call.LIST && ++listings[0] == 1) {
                    sites.join(Departure.SERVING);
                    sites.away(4, 5);
                } else if (call == Call.LIST) {
                    sites.back(4, 5);
                }
            });
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(SLICED, 8));
        }
    }

    @Test
    void nothingOldIsCopied() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 11));
            at(sites, Call.OPEN, 1, () -> {
                sites.join(Departure.SERVING);
                put(sites, Sites.bytes(INLINE, 12));
            });
            ObjectName copy = ObjectName.of("copy");
            assertThatThrownBy(() -> sites.objects().copy(NAME, copy))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("repeat it");
            assertThatThrownBy(() -> sites.get(copy)).isInstanceOf(ObjectNotFoundException.class);
            sites.objects().copy(NAME, copy);
            assertThat(sites.get(copy)).isEqualTo(Sites.bytes(INLINE, 12));
        }
    }

    /** What was put at the site that has come is shredded there too. */
    @Test
    void aShredBeginsAnew() throws IOException {
        try (Sites sites = sites()) {
            sites.put(NAME, Sites.bytes(INLINE, 13));
            sites.objects().delete(NAME);
            int[] listings = {0};
            sites.hook(0).before(call -> {
                if (call == Call.LIST && ++listings[0] == 1) {
                    sites.join(Departure.SERVING);
                }
            });
            assertThat(sites.objects().shred(NAME).pending()).containsKey("g");
        }
    }

    private static void put(Sites sites, byte[] bytes) {
        try {
            sites.put(NAME, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
