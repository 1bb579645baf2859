package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/PROTOCOLS.md 5: what operations ask of the sites when nothing fails. */
class RequestsTest {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final int SMALL = 4096;
    private static final int LARGE = 1_500_000;

    /** Requests to all sites together: listings, blobs opened, blobs created, notes created. */
    private record Requests(long lists, long gets, long puts, long notes) {
        static Requests soFar(Sites sites) throws IOException {
            long notes = 0;
            for (int site = 0; site < sites.count(); site++) {
                notes += sites.notes(site).size();
            }
            return new Requests(
                    sites.count(Call.LIST), sites.count(Call.OPEN), sites.count(Call.COMMIT) - notes, notes);
        }

        Requests since(Requests before) {
            return new Requests(lists - before.lists, gets - before.gets, puts - before.puts, notes - before.notes);
        }
    }

    private interface Operation {
        void run() throws IOException;
    }

    private static Requests of(Sites sites, Operation operation) throws IOException {
        Requests before = Requests.soFar(sites);
        operation.run();
        return Requests.soFar(sites).since(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4+2", "4+2,f=1", "10+6"})
    void operationsAskNoMoreThanTheyNeed(String text) throws IOException {
        Profile profile = Profile.parse(text);
        int n = profile.sites();
        int k = profile.dataSlices();
        int read = profile.readQuorum();
        int few = profile.absenceThreshold();
        int notes = profile.faults() + 1;
        try (Sites sites = new Sites(profile)) {
            assertThatThrownBy(() -> sites.get(NAME)).isInstanceOf(ObjectNotFoundException.class);
            assertThat(Requests.soFar(sites)).as("get, nothing there").isEqualTo(new Requests(few, 0, 0, 0));
            assertThat(of(sites, () -> sites.put(NAME, Sites.bytes(SMALL, 1))))
                    .as("put small")
                    .isEqualTo(new Requests(read, 0, n, notes));
            assertThat(of(sites, () -> sites.get(NAME))).as("get small").isEqualTo(new Requests(few, k, 0, 0));
            assertThat(of(sites, () -> sites.objects().head(NAME, Freshness.PROVEN)))
                    .as("stat")
                    .isEqualTo(new Requests(few, 1, 0, 0));
            sites.dropNotes();
            assertThat(of(sites, () -> sites.get(NAME)))
                    .as("get small, not noted")
                    .isEqualTo(new Requests(read, k, 0, notes));
            assertThat(of(sites, () -> sites.get(NAME))).as("get small again").isEqualTo(new Requests(few, k, 0, 0));
            assertThat(of(sites, () -> sites.put(NAME, Sites.bytes(LARGE, 2))))
                    .as("put large, over another")
                    .isEqualTo(new Requests(read, 0, 2L * n, notes));
            Requests large = of(sites, () -> sites.get(NAME));
            // A slice that this machine served late may have been asked for elsewhere besides.
            assertThat(large.gets()).as("get large").isBetween(1L + k, 3L + k);
            assertThat(large).isEqualTo(new Requests(few, large.gets(), 0, 0));
            assertThat(of(sites, () -> sites.objects().list(new ListQuery(null, false, null, 10, Freshness.PROVEN))))
                    .as("list")
                    .isEqualTo(new Requests(n, 0, 0, 0));
            assertThat(of(sites, () -> sites.objects().delete(NAME)))
                    .as("delete")
                    .isEqualTo(new Requests(n, 0, n, notes));
            assertThat(of(
                            sites,
                            () -> assertThatThrownBy(() -> sites.get(NAME))
                                    .isInstanceOf(ObjectNotFoundException.class)))
                    .as("get, deleted")
                    .isEqualTo(new Requests(few, 0, 0, 0));
        }
    }
}
