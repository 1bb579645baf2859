package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.Keep.ChangeListener;
import io.slicekeep.KeepDescription.Access;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplaceSiteTest {
    private static final KeyRing PASSPHRASE = Fixture.passphrase("correct horse");
    private static final Duration LEASE = Duration.ofMillis(300);
    private static final int SLICED_BYTES = 1_500_000;

    /** Returns how writes take each other's place. */
    NamespaceMode mode() {
        return NamespaceMode.LWW;
    }

    /** Returns the objects whose slices do not stand in their heads. */
    Collection<String> sliced() {
        return List.of("photos/sliced");
    }

    @TempDir
    Path folder;

    private Fixture fixture = new Fixture(Path.of(""));
    final Map<String, Integer> stored = new TreeMap<>();

    @BeforeEach
    void create() throws IOException {
        fixture = new Fixture(folder);
        KeepSpec spec = new KeepSpec(Fixture.PROFILE, fixture.sites(6), LEASE, mode());
        try (Keep keep = Keep.create(fixture.keepFile, spec, PASSPHRASE)) {
            put(keep, "inline", 1, 1000);
            put(keep, "inline", 2, 1001);
            put(keep, "empty", 3, 0);
            put(keep, "photos/sliced", 4, SLICED_BYTES);
            put(keep, "x".repeat(2000), 5, 10);
            put(keep, "deleted", 6, 10);
            keep.objects().delete(ObjectName.of("deleted"));
            stored.remove("deleted");
        }
    }

    @Test
    void aLostSiteIsReplacedAndItsSuccessorHoldsEverything() throws IOException {
        byte[] oldFile = Files.readAllBytes(fixture.keepFile);
        Fixture.deleteTree(fixture.site("c"));
        try (Keep keep = open()) {
            keep.replaceSite("c", fixture.site("new"), Departure.LOST, new Silent());
            assertThat(keep.description().epoch()).isEqualTo(3);
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
            requireWhole(keep);
        }
        assertThat(fixture.keepFile).content().contains("c = \"new\"").contains("epoch = 3");
        Fixture.deleteTree(fixture.site("a"));
        readEverything();
        Files.write(fixture.keepFile, oldFile);
        readEverything();
        assertThat(fixture.keepFile).content().contains("c = \"new\"").contains("epoch = 3");
    }

    @Test
    void aSiteIsReplacedWhileOthersWriteAndReadAndThenItIsNotNeeded() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Map<String, Integer> written = new ConcurrentSkipListMap<>();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeUntil(over, written));
        try (Keep keep = open()) {
            while (written.size() < 3) {
                assertThat(writer).isNotDone();
                Thread.onSpinWait();
            }
            keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent());
            int before = written.size();
            while (written.size() < before + 3 && !writer.isDone()) {
                Thread.onSpinWait();
            }
        } finally {
            over.set(true);
        }
        writer.get();
        stored.putAll(written);
        Fixture.deleteTree(fixture.site("c"));
        try (Keep keep = open()) {
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
            requireWhole(keep);
        }
        readEverything();
    }

    private void writeUntil(AtomicBoolean over, Map<String, Integer> written) {
        try (Keep keep = open()) {
            for (int i = 0; !over.get(); i++) {
                String name = "new" + i;
                put(keep.objects().create(ObjectName.of(name), PutOptions.NONE), i, 3000);
                written.put(name, i);
                requireIs(keep, name, i);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aProcessThatKnowsOnlyTheFormerSitesLosesNothing() throws Exception {
        try (Keep stale = open()) {
            requireIs(stale, "inline", 2);
            try (Keep keep = open()) {
                keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent());
            }
            Fixture.deleteTree(fixture.site("c"));
            put(stale, "late", 77, 2000);
            requireIs(stale, "photos/sliced", 4);
        }
        Fixture.deleteTree(fixture.site("f"));
        readEverything();
    }

    @Test
    void aFormerSiteIsRefusedAndItsSuccessorNamed() throws IOException {
        try (Keep keep = open()) {
            keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent());
        }
        fixture.edit("c = \"new\"", "c = \"c\"");
        try (Keep keep = open()) {
            assertThat(keep.description().sites().get(2).away().orElseThrow())
                    .contains("was replaced since", fixture.site("new").toString(), "correct the path");
        }
    }

    @Test
    void stoppedInTheMiddleItGoesOnFromAnotherFile() throws IOException {
        byte[] oldFile = Files.readAllBytes(fixture.keepFile);
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent() {
                        @Override
                        public void copied(long names) {
                            if (names == 2) {
                                throw new IllegalStateException("killed");
                            }
                        }
                    }))
                    .hasMessage("killed");
        }
        KeepDescription joint = Keep.inspect(fixture.keepFile, KeepOptions.DEFAULT);
        assertThat(joint.change().orElseThrow().directory()).contains(fixture.site("new"));
        try (Keep keep = open()) {
            put(keep, "meanwhile", 9, 100);
            assertThatThrownBy(() -> keep.replaceSite("d", fixture.site("d2"), Departure.SERVING, new Silent()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("site c is being replaced by " + fixture.site("new"));
        }
        Files.write(fixture.keepFile, oldFile);
        try (Keep keep = open()) {
            keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent());
            requireWhole(keep);
        }
        Fixture.deleteTree(fixture.site("c"));
        readEverything();
        try (Keep keep = open()) {
            keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent());
            assertThat(keep.description().epoch()).isEqualTo(3);
        }
    }

    @Test
    void aReplacementIsGivenUp() throws IOException {
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent() {
                        @Override
                        public void waits(Duration duration) {
                            throw new IllegalStateException("killed");
                        }
                    }))
                    .hasMessage("killed");
            put(keep, "meanwhile", 9, 100);
            keep.giveUpChange(Optional.of("c"));
        }
        Fixture.deleteTree(fixture.site("new"));
        try (Keep keep = open()) {
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
            requireWhole(keep);
        }
    }

    @Test
    void aDirectoryOfAnotherSiteIsRefused() throws IOException {
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.replaceSite("c", fixture.site("d"), Departure.SERVING, new Silent()))
                    .isInstanceOf(SetupException.class)
                    .hasMessageContaining("same directory");
            assertThat(keep.description().epoch()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeRebuiltKeepsTheSiteThatHasIt() throws IOException {
        for (String site : new String[] {"a", "b", "d"}) {
            Path slices = namespace(fixture.site(site)).resolve("b@");
            Fixture.deleteTree(slices);
        }
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("photos/sliced")
                    .hasMessageContaining("slicekeep rm");
            assertThat(keep.description().change()).isPresent();
            for (String name : sliced()) {
                keep.objects().delete(ObjectName.of(name));
            }
            keep.replaceSite("c", fixture.site("new"), Departure.SERVING, new Silent());
        }
    }

    private static Path namespace(Path site) throws IOException {
        try (var folders = Files.list(site.resolve("n@"))) {
            return folders.findFirst().orElseThrow();
        }
    }

    private Keep open() throws IOException {
        return Keep.open(fixture.keepFile, PASSPHRASE);
    }

    private void put(Keep keep, String name, int first, int bytes) throws IOException {
        put(keep.objects().create(ObjectName.of(name), PutOptions.NONE), first, bytes);
        stored.put(name, first);
    }

    private static void put(Sink created, int first, int bytes) throws IOException {
        try (Sink sink = created) {
            ByteBuffer content = ByteBuffer.allocate(bytes);
            if (bytes > 0) {
                content.put(0, (byte) first);
            }
            sink.write(content);
            sink.commit();
        }
    }

    /** Reads everything by the keep file, from whichever sites are left. */
    private void readEverything() throws IOException {
        try (Keep keep = open()) {
            for (Map.Entry<String, Integer> object : stored.entrySet()) {
                requireIs(keep, object.getKey(), object.getValue());
            }
            assertThatThrownBy(() -> keep.get("deleted")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    private static void requireIs(Keep keep, String name, int first) throws IOException {
        try (Source source = keep.objects().open(ObjectName.of(name), Freshness.PROVEN)) {
            ByteBuffer content = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, content);
            if (content.capacity() > 0) {
                assertThat(content.get(0)).as(name).isEqualTo((byte) first);
            }
        }
    }

    private void requireWhole(Keep keep) throws IOException {
        for (String name : stored.keySet()) {
            assertThat(keep.objects().inspect(ObjectName.of(name), Depth.DEEP).bad())
                    .as(name)
                    .isEmpty();
        }
    }

    private static class Silent implements ChangeListener {
        @Override
        public void waits(Duration duration) {
            assertThat(duration).isEqualTo(LEASE.multipliedBy(2));
        }

        @Override
        public void copied(long names) {}
    }
}
