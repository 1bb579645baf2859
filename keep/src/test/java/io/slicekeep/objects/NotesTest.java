package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.testkit.Faults.Fault;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who notes that a revision is final, and who believes it (docs/PROTOCOLS.md 5, Cheap path). */
class NotesTest {
    private static final Profile SIX = Profile.of(4, 2);
    private static final Profile ONE_LIAR = new Profile(4, 4, 1, 1);
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final int INLINE = 100;
    private static final int SLICED = 1_500_000;

    private static List<BlobKey> notes(Sites sites) throws IOException {
        List<BlobKey> notes = new ArrayList<>();
        for (int site = 0; site < sites.count(); site++) {
            notes.addAll(sites.notes(site));
        }
        return notes;
    }

    private static void failRecords(Sites sites, Fault fault, int... at) {
        for (int site : at) {
            sites.site(site).faults(call -> call.startsWith("commit") && call.contains("/h/") ? fault : Fault.NONE);
        }
    }

    /** Planted bug 12: a note before W sites hold the record. */
    @ParameterizedTest
    @ValueSource(ints = {INLINE, SLICED})
    void whatWasNotAcknowledgedIsNotNoted(int length) throws IOException {
        try (Sites sites = new Sites(SIX)) {
            failRecords(sites, Fault.BEFORE, 1, 4);
            assertThatThrownBy(() -> sites.put(NAME, Sites.bytes(length, 1)))
                    .isInstanceOf(OutcomeUnknownException.class);
            assertThat(notes(sites)).isEmpty();
            failRecords(sites, Fault.NONE, 1, 4);
            sites.away(4);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(length, 1));
            assertThat(notes(sites)).hasSize(1);
        }
    }

    @Test
    void notesStandWhereTheRevisionStands() throws IOException {
        for (int away = 0; away < 8; away++) {
            try (Sites sites = new Sites(ONE_LIAR)) {
                sites.away(away);
                sites.put(NAME, Sites.bytes(INLINE, 1));
                sites.back(away);
                assertThat(sites.notes(away)).isEmpty();
                assertThat(notes(sites)).hasSize(2);
                assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 1));
            }
        }
    }

    /** Planted bug 11: the object was deleted and forgotten, and one site comes back with it and all its notes. */
    @Test
    void aNotedRecordThatOneSiteReplaysAfterAPurgeIsNotBelieved() throws IOException {
        for (int liar = 0; liar < 8; liar++) {
            try (Sites sites = new Sites(ONE_LIAR)) {
                sites.put(NAME, Sites.bytes(SLICED, 1));
                BlobKey note = notes(sites).get(0);
                for (int site = 0; site < 8; site++) {
                    if (site != liar) {
                        sites.wipe(site);
                    } else if (sites.notes(site).isEmpty()) {
                        sites.overwrite(site, note, new byte[0]);
                    }
                }
                assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            }
        }
    }

    /** A newer write that missed the sites that are asked first would be passed by if they were too few. */
    @Test
    void aNoteOfTheOlderVersionHidesNoNewerOne() throws IOException {
        for (int away = 0; away < 8; away++) {
            try (Sites sites = new Sites(ONE_LIAR)) {
                sites.put(NAME, Sites.bytes(INLINE, 1));
                sites.liar((away + 1) % 8).freezeListing();
                sites.away(away);
                sites.put(NAME, Sites.bytes(INLINE, 2));
                sites.back(away);
                assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 2));
            }
        }
    }

    @Test
    void whereTheCopiesAreNotTheOtherSitesAreListed() throws IOException {
        try (Sites sites = new Sites(SIX)) {
            sites.put(NAME, Sites.bytes(INLINE, 1));
            sites.put(NAME, Sites.bytes(INLINE, 2));
            sites.wipe(0);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 2));
            sites.rot(1, "h/");
            long opened = sites.count(Call.OPEN);
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 2));
            assertThat(sites.count(Call.OPEN) - opened).isGreaterThan(4);
        }
    }

    /** Sites that lost it are no proof that it never was. */
    @ParameterizedTest
    @CsvSource({"1000, 2, true", "1000, 3, false", "2000000, 2, true", "2000000, 3, false"})
    void whatIsNotedIsNotTakenForNothingThoughManySitesLostIt(int length, int lost, boolean whole) throws IOException {
        try (Sites sites = new Sites(SIX)) {
            sites.put(NAME, Sites.bytes(length, 1));
            int left = 0;
            for (int site = 0; site < 6; site++) {
                if (sites.notes(site).isEmpty() && left++ < lost) {
                    sites.wipe(site);
                }
            }
            assertThat(sites.list("")).containsExactly(NAME);
            if (whole) {
                assertThat(sites.objects().inspect(NAME, Depth.LIGHT).bad()).hasSize(lost);
                sites.objects().repair(NAME, Depth.LIGHT);
                assertThat(sites.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
            } else {
                assertThatThrownBy(() -> sites.objects().inspect(NAME, Depth.DEEP))
                        .isInstanceOf(TooFewSlicesException.class);
                assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(TooFewSlicesException.class);
            }
        }
    }

    @Test
    void whoCannotNoteLosesNothing() throws IOException {
        try (Sites sites = new Sites(SIX)) {
            for (int site = 0; site < 6; site++) {
                sites.site(site)
                        .faults(call -> call.startsWith("create") && call.contains("!ok!") ? Fault.BEFORE : Fault.NONE);
            }
            assertThat(sites.put(NAME, Sites.bytes(INLINE, 1)).missing()).isEmpty();
            assertThat(notes(sites)).isEmpty();
            assertThat(sites.get(NAME)).isEqualTo(Sites.bytes(INLINE, 1));
        }
    }
}
