package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectPage;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.testkit.Faults;
import io.slicekeep.testkit.Faults.Fault;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Six sites, k = 4, W = R = 5: what happens when some of them do not do their part. Sites are called a to f. */
class QuorumTest {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final int INLINE = 1000;
    private static final int SLICED = 2_000_000;

    private final Sites sites = new Sites(Profile.of(4, 2));

    @AfterEach
    void close() {
        sites.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void aWriteThatOneSiteMissesIsAcknowledgedAndNamesIt(int length) throws IOException {
        sites.away(5);
        WriteReport report = sites.put(NAME, Sites.bytes(length, 1));
        assertThat(report.missing()).containsOnlyKeys("f");
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void fewerThanWSitesAtPutStoreNothing(int length) throws IOException {
        sites.away(4, 5);
        assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(length, 1)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll(NAME.toString(), "4 of 6", "5 must", "e: away", "f: away");
        sites.back(4, 5);
        assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void twoFullDisksLeaveNothingVisibleAnywhere(int length) throws IOException {
        for (int full : new int[] {0, 3}) {
            sites.site(full).faults(call -> call.startsWith("write") ? Fault.BEFORE : Fault.NONE);
        }
        assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(length, 1)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("a:", "d:");
        for (int site = 0; site < 6; site++) {
            assertThat(sites.keys(site, "h/")).isEmpty();
            assertThat(sites.keys(site, "b/")).isEmpty();
        }
    }

    /** Planted bugs 1 and 2: acknowledging at k, or at W - 1. */
    /** A put that was killed may have left its record anywhere: what was deleted must not come back when others go away. */
    @Test
    void aDeletionHidesWhatAKilledPutLeftAtFewSites() throws IOException {
        for (int first = 0; first < 7; first++) {
            for (int second = first + 1; second < 7; second++) {
                List<Integer> holding = List.of(first, second);
                try (Sites two = new Sites(Profile.of(2, 5))) {
                    leaveRecords(two, 100, holding);
                    assertThat(two.objects().delete(NAME).etag()).isNotEmpty();
                    two.away(IntStream.range(0, 7)
                            .filter(site -> !holding.contains(site))
                            .limit(2)
                            .toArray());
                    assertThatThrownBy(() -> two.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
                }
            }
        }
    }

    /** Else its slices would be named for ever, and never be garbage. */
    @Test
    void aDeletionBuriesARecordAtOneSite() throws IOException {
        for (int site = 0; site < 6; site++) {
            try (Sites six = new Sites(Profile.of(4, 2))) {
                leaveRecords(six, 1_500_000, List.of(site));
                assertThat(six.objects().delete(NAME).etag()).isNotEmpty();
            }
        }
    }

    /** As if a put had been killed when its record stood at these sites. */
    private static void leaveRecords(Sites sites, int length, List<Integer> holding) throws IOException {
        sites.put(NAME, Sites.bytes(length, 1));
        sites.dropNotes();
        for (int site = 0; site < sites.count(); site++) {
            if (!holding.contains(site)) {
                sites.delete(site, sites.keys(site, "h/").get(0));
            }
        }
    }

    @Test
    void aRecordThatFewerThanWSitesCommitIsNotAcknowledged() {
        for (Fault fault : new Fault[] {Fault.BEFORE, Fault.AFTER}) {
            for (int failing : new int[] {4, 5}) {
                sites.site(failing).faults(call -> call.startsWith("commit") ? fault : Fault.NONE);
            }
            assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(INLINE, 1)))
                    .as("%s", fault)
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContainingAll(NAME.toString(), "e:", "f:");
        }
    }

    /** Planted bug 4: a read that returns a value which the next one, meeting other sites, does not find. */
    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void whatOneReaderSawTheNextOneSeesToo(int length) throws IOException {
        sites.put(NAME, Sites.bytes(10, 1));
        failRecordsAt(Fault.BEFORE, 4, 5);
        assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(length, 2))).isInstanceOf(OutcomeUnknownException.class);
        failRecordsAt(Fault.NONE, 4, 5);
        sites.away(4);
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 2));
        sites.back(4);
        sites.away(0);
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 2));
        sites.back(0);
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 2));
    }

    @Test
    void aDeletionThatOneReaderSawTheNextOneSeesToo() throws IOException {
        sites.put(NAME, Sites.bytes(10, 1));
        failRecordsAt(Fault.BEFORE, 4, 5);
        assertThatThrownBy(() -> sites.objects().delete(NAME)).isInstanceOf(OutcomeUnknownException.class);
        failRecordsAt(Fault.NONE, 4, 5);
        sites.away(4);
        assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
        sites.back(4);
        sites.away(0);
        assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void aWriteThatTooFewSitesHoldIsPassedByAndHiddenFromListings() throws IOException {
        sites.put(NAME, Sites.bytes(10, 1));
        failRecordsAt(Fault.BEFORE, 2, 3, 4, 5);
        assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(20, 2))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(10, 1));
        assertThat(page(Freshness.PROVEN).entries()).singleElement().matches(entry -> entry.lengthBytes() == 10);
        assertThat(sites.objects().inspect(NAME, Depth.LIGHT).oldRevisions()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void fewerThanRSitesServeOnlyWhoAcceptsAStaleAnswer(int length) throws IOException {
        sites.put(NAME, Sites.bytes(length, 1));
        sites.away(1, 2);
        assertThatThrownBy(() -> sites.get(NAME))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll(NAME.toString(), "4 of 6", "5 must", "b: away", "c: away");
        assertThatThrownBy(() -> page(Freshness.PROVEN)).isInstanceOf(UnavailableException.class);
        try (Source source = sites.objects().open(NAME, Freshness.POSSIBLY_STALE)) {
            assertThat(source.info().proven()).isFalse();
        }
        assertThat(sites.get(NAME, Freshness.POSSIBLY_STALE)).isEqualTo(Sites.bytes(length, 1));
        assertThat(page(Freshness.POSSIBLY_STALE).entries()).hasSize(1);
        assertThat(page(Freshness.POSSIBLY_STALE).proven()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void fewerThanKSitesServeNobodyAndAreNamed(int length) throws IOException {
        sites.put(NAME, Sites.bytes(length, 1));
        sites.away(0, 2, 5);
        assertThatThrownBy(() -> sites.get(NAME, Freshness.POSSIBLY_STALE))
                .isInstanceOfSatisfying(TooFewSlicesException.class, e -> {
                    assertThat(e.needed()).isEqualTo(4);
                    assertThat(e.found()).isEqualTo(3);
                    assertThat(e).hasMessageContainingAll("a:", "c:", "f:");
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void aWholeSiteLostAndAnotherRottenIsReadAndSaid(int length) throws IOException {
        sites.put(NAME, Sites.bytes(length, 1));
        sites.wipe(1);
        sites.away(1);
        sites.rot(3, length == INLINE ? "h/" : "b/");
        assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).containsOnlyKeys("b", "d");
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 1));
        sites.back(1);
    }

    /** Its name stands in the record only: what cannot be named must not be passed over as if it were not there. */
    @Test
    void aLongNameWhoseRecordNoSiteServesFailsTheListing() throws IOException {
        ObjectName name = ObjectName.of("n".repeat(200));
        sites.put(name, Sites.bytes(INLINE, 1));
        for (int site = 0; site < 6; site++) {
            sites.site(site).faults(call -> call.startsWith("open") ? Fault.BEFORE : Fault.NONE);
        }
        assertThatThrownBy(() -> page(Freshness.PROVEN))
                .isInstanceOf(TooFewSlicesException.class)
                .hasMessageContainingAll("a: ", "f: ", "injected fault");
        for (int site = 0; site < 6; site++) {
            sites.site(site).faults(Faults.none());
        }
        assertThat(page(Freshness.PROVEN).entries())
                .singleElement()
                .matches(entry -> entry.name().equals(name));
    }

    @Test
    void readingRepairsWhatStandsOnTooFewSites() throws IOException {
        sites.put(NAME, Sites.bytes(INLINE, 1));
        sites.dropNotes();
        sites.wipe(1);
        sites.rot(3, "h/");
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 1));
        sites.away(0);
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 1));
        sites.back(0);
        assertThat(sites.objects().inspect(NAME, Depth.DEEP).goodSlices()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void threeRottenCopiesAreTooManyAndNamedAtOnce() throws IOException {
        sites.put(NAME, Sites.bytes(INLINE, 1));
        for (int site : new int[] {0, 1, 4}) {
            sites.rot(site, "h/");
        }
        for (Freshness freshness : Freshness.values()) {
            assertThatThrownBy(() -> sites.get(NAME, freshness))
                    .isInstanceOf(TooFewSlicesException.class)
                    .hasMessageContainingAll("needed 4, found 3", "a:", "b:", "e:");
        }
    }

    @Test
    void aSiteThatCannotTakeAWriteDoesNotStopReading() throws IOException {
        sites.put(NAME, Sites.bytes(INLINE, 1));
        sites.site(2).faults(call -> call.startsWith("create") ? Fault.BEFORE : Fault.NONE);
        assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 1));
        sites.site(2).faults(Faults.none());
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void everySingleFailureIsSurvived(int length) throws IOException {
        byte[] bytes = Sites.bytes(length, 1);
        for (Fault fault : new Fault[] {Fault.BEFORE, Fault.AFTER}) {
            for (int call = 0; call < 12; call++) {
                ObjectName name = ObjectName.of(fault + "/" + call);
                sites.site(call % 6).faults(Faults.at(call, fault));
                sites.put(name, bytes);
                sites.site(call % 6).faults(Faults.at(call, fault));
                assertThat(sites.get(name)).isEqualTo(bytes);
                sites.site(call % 6).faults(Faults.none());
            }
        }
    }

    private ObjectPage page(Freshness freshness) throws IOException {
        return sites.objects().list(new ListQuery(null, false, null, 10, freshness));
    }

    /** Lets sites fail to commit records, or no longer. */
    private void failRecordsAt(Fault fault, int... failing) {
        for (int site : failing) {
            sites.site(site).faults(call -> call.startsWith("commit") && call.contains("/h/") ? fault : Fault.NONE);
        }
    }
}
