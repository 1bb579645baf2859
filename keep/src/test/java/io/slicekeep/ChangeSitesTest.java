package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.Keep.ChangeListener;
import io.slicekeep.KeepDescription.Access;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubReport;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites are added and removed, with all that a keep has. */
class ChangeSitesTest {
    private static final KeyRing PASSPHRASE = Fixture.passphrase("correct horse");
    private static final Duration LEASE = Duration.ofMillis(100);
    private static final Profile SIX = Profile.parse("4+2");
    private static final Profile SEVEN = Profile.parse("4+3");

    /** Returns how writes take each other's place. */
    NamespaceMode mode() {
        return NamespaceMode.LWW;
    }

    @TempDir
    Path folder;

    private Fixture fixture = new Fixture(Path.of(""));
    private final Map<String, byte[]> stored = new TreeMap<>();

    @BeforeEach
    void create() throws IOException {
        fixture = new Fixture(folder);
        try (Keep keep =
                Keep.create(fixture.keepFile, new KeepSpec(SIX, fixture.sites(6), LEASE, mode()), PASSPHRASE)) {
            put(keep, "inline", 1000);
            put(keep, "empty", 0);
            put(keep, "photos/sliced", 1_500_000);
            put(keep, "deleted", 10);
            keep.objects().delete(ObjectName.of("deleted"));
            stored.remove("deleted");
        }
    }

    @Test
    void oneSiteMoreMayBeLostWhenOneIsAdded() throws IOException {
        Map<String, byte[]> before = Fixture.tree(fixture.site("a"));
        try (Keep keep = open()) {
            keep.addSite("g", fixture.site("g"), SEVEN, new Silent());
            assertThat(keep.description().profile()).isEqualTo(SEVEN);
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
            put(keep, "late", 100);
            requireWhole(keep, 7);
        }
        assertThat(Fixture.tree(fixture.site("a"))).as("nothing is rewritten").containsAllEntriesOf(sliced(before));
        assertThat(fixture.keepFile).content().contains("g = \"g\"").contains("epoch = 3");
        for (String lost : List.of("a", "b", "c")) {
            Fixture.deleteTree(fixture.site(lost));
        }
        try (Keep keep = open()) {
            for (Map.Entry<String, byte[]> object : stored.entrySet()) {
                assertThat(read(keep, object.getKey(), Freshness.POSSIBLY_STALE))
                        .as(object.getKey())
                        .isEqualTo(object.getValue());
            }
        }
    }

    private static Map<String, byte[]> sliced(Map<String, byte[]> tree) {
        Map<String, byte[]> slices = new TreeMap<>(tree);
        slices.keySet().removeIf(name -> !name.contains("/b@/"));
        assertThat(slices).isNotEmpty();
        return slices;
    }

    @Test
    void aSiteOfDataIsRemovedAndItsSliceComesBackWithTheNext() throws IOException {
        byte[] oldFile = Files.readAllBytes(fixture.keepFile);
        try (Keep keep = open()) {
            keep.addSite("g", fixture.site("g"), SEVEN, new Silent());
            keep.removeSite("b", Departure.SERVING, SIX, new Silent());
            assertThat(keep.description().profile()).isEqualTo(SIX);
        }
        Fixture.deleteTree(fixture.site("b"));
        assertThat(fixture.keepFile).content().doesNotContain("b = ").contains("epoch = 5");
        Files.write(fixture.keepFile, oldFile);
        try (Keep keep = open()) {
            put(keep, "large without b", 5_000_000);
            put(keep, "small without b", 3000);
            requireWhole(keep, 6);
            assertThat(keep.objects()
                            .repair(ObjectName.of("photos/sliced"), Depth.DEEP)
                            .pending())
                    .isEmpty();
        }
        assertThat(fixture.keepFile).content().doesNotContain("b = ").contains("g = \"g\"");
        Fixture.deleteTree(fixture.site("d"));
        readEverything();
        try (Keep keep = open()) {
            keep.replaceSite("d", fixture.site("d2"), Departure.LOST, new Silent());
            keep.addSite("h", fixture.site("h"), SEVEN, new Silent());
            assertThat(keep.description().sites())
                    .extracting(KeepDescription.SiteState::name)
                    .containsExactly("a", "h", "c", "d", "e", "f", "g");
            requireWhole(keep, 7);
        }
        Fixture.deleteTree(fixture.site("a"));
        readEverything();
        if (mode() == NamespaceMode.LWW) {
            requireNoRotWithoutKeys();
        }
    }

    private void requireNoRotWithoutKeys() throws IOException {
        var scrubbed = Keep.scrub(
                fixture.keepFile,
                KeepOptions.DEFAULT,
                new ScrubOptions(ScrubOptions.Depth.DEEP, false, "", 0),
                new ScrubListener() {
                    @Override
                    public void found(Finding finding) {
                        assertThat(finding.bad()).containsOnlyKeys("a");
                    }

                    @Override
                    public void reached(String cursor, ScrubReport soFar) {}
                });
        assertThat(scrubbed.rotten()).isEmpty();
    }

    @Test
    void aLostSiteIsRemovedAndWhatItHadStandsOnTheOthers() throws IOException {
        try (Keep keep = open()) {
            keep.addSite("g", fixture.site("g"), SEVEN, new Silent());
        }
        Fixture.deleteTree(fixture.site("c"));
        try (Keep keep = open()) {
            keep.removeSite("c", Departure.LOST, SIX, new Silent());
            requireWhole(keep, 6);
        }
        Fixture.deleteTree(fixture.site("e"));
        readEverything();
    }

    @Test
    void aProcessThatKnowsOnlyTheFormerSitesLosesNothing() throws IOException {
        try (Keep stale = open()) {
            assertThat(read(stale, "inline", Freshness.PROVEN)).isEqualTo(stored.get("inline"));
            try (Sink open = stale.objects().create(ObjectName.of("begun before"), PutOptions.NONE)) {
                byte[] bytes = bytes(1_300_000);
                open.write(ByteBuffer.wrap(bytes));
                try (Keep keep = open()) {
                    keep.addSite("g", fixture.site("g"), SEVEN, new Silent());
                }
                open.commit();
                stored.put("begun before", bytes);
            }
            put(stale, "late", 2000);
            assertThat(read(stale, "photos/sliced", Freshness.PROVEN)).isEqualTo(stored.get("photos/sliced"));
            try (Keep keep = open()) {
                keep.removeSite("a", Departure.SERVING, SIX, new Silent());
            }
            Fixture.deleteTree(fixture.site("a"));
            put(stale, "later", 2000);
        }
        try (Keep keep = open()) {
            for (String name : stored.keySet()) {
                keep.objects().repair(ObjectName.of(name), Depth.DEEP);
            }
            requireWhole(keep, 6);
        }
        Fixture.deleteTree(fixture.site("f"));
        readEverything();
    }

    @Test
    void smallKeepsGrowSiteBySite() throws IOException {
        Path file = folder.resolve("small.keep");
        List<SitePath> three = new ArrayList<>();
        for (String name : List.of("x", "y", "z")) {
            three.add(new SitePath(name, folder.resolve("small-" + name)));
        }
        try (Keep keep = Keep.create(file, new KeepSpec(Profile.parse("2+1"), three, LEASE, mode()), PASSPHRASE)) {
            byte[] bytes = bytes(2_500_000);
            put(keep.objects().create(ObjectName.of("o"), PutOptions.NONE), bytes);
            for (int parity = 2; parity <= 4; parity++) {
                Profile now = keep.description().profile();
                keep.addSite("s" + parity, folder.resolve("small-" + parity), now.ofParity(parity), new Silent());
            }
            assertThat(keep.description().profile()).isEqualTo(Profile.parse("2+4"));
            assertThat(keep.objects().inspect(ObjectName.of("o"), Depth.DEEP).goodSlices())
                    .isEqualTo(6);
            keep.changeProfile(Profile.parse("2+4,f=1,away=1"), new Silent());
            assertThat(read(keep, "o", Freshness.PROVEN)).isEqualTo(bytes);
        }
    }

    @Test
    void stoppedInTheMiddleItGoesOnFromAnotherFile() throws IOException {
        byte[] oldFile = Files.readAllBytes(fixture.keepFile);
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.addSite("g", fixture.site("g"), SEVEN, new Killed(2)))
                    .hasMessage("killed");
        }
        KeepDescription joint = Keep.inspect(fixture.keepFile, KeepOptions.DEFAULT);
        assertThat(joint.change().orElseThrow().site()).contains("g");
        assertThat(joint.change().orElseThrow().departure()).isEmpty();
        try (Keep keep = open()) {
            put(keep, "meanwhile", 100);
            assertThatThrownBy(() -> keep.removeSite("d", Departure.SERVING, Profile.parse("4+1"), new Silent()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("site g is being added at " + fixture.site("g"));
        }
        Files.write(fixture.keepFile, oldFile);
        try (Keep keep = open()) {
            keep.addSite("g", fixture.site("g"), SEVEN, new Silent());
            requireWhole(keep, 7);
            assertThatThrownBy(() -> keep.removeSite("c", Departure.SERVING, SIX, new Killed(1)))
                    .hasMessage("killed");
        }
        try (Keep keep = open()) {
            put(keep, "meanwhile", 200);
            keep.giveUpChange(Optional.of("c"));
            requireWhole(keep, 7);
        }
        readEverything();
    }

    @Test
    void anotherKIsSlicedAnewWhileTheKeepIsInUse() throws IOException {
        byte[] oldFile = Files.readAllBytes(fixture.keepFile);
        Profile next = Profile.parse("3+3");
        KeepOptions hasty = KeepOptions.DEFAULT.withTasks(new Hasty());
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE, hasty)) {
            assertThatThrownBy(() -> keep.changeProfile(next, new Killed(2))).hasMessage("killed");
        }
        assertThatThrownBy(this::requireNoRotWithoutKeys)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("finish it ('slicekeep profile set 3+3,f=1,away=1')");
        Files.write(fixture.keepFile, oldFile);
        readEverything();
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE, hasty)) {
            put(keep, "meanwhile", 100);
            assertThatThrownBy(() -> keep.giveUpChange(Optional.empty()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("then change it back to 4+2,f=0,away=1");
            keep.changeProfile(next, new Silent());
            assertThat(keep.description().profile()).isEqualTo(next);
            requireWhole(keep, 6);
            for (String name : stored.keySet()) {
                assertThat(keep.objects()
                                .inspect(ObjectName.of(name), Depth.LIGHT)
                                .neededSlices())
                        .as(name)
                        .isEqualTo(3);
            }
        }
        readEverything();
    }

    private Keep open() throws IOException {
        return Keep.open(fixture.keepFile, PASSPHRASE);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private void put(Keep keep, String name, int count) throws IOException {
        put(keep.objects().create(ObjectName.of(name), PutOptions.NONE), bytes(count));
        stored.put(name, bytes(count));
    }

    private static void put(Sink created, byte[] bytes) throws IOException {
        try (Sink sink = created) {
            sink.write(ByteBuffer.wrap(bytes));
            sink.commit();
        }
    }

    private static byte[] read(Keep keep, String name, Freshness freshness) throws IOException {
        try (Source source = keep.objects().open(ObjectName.of(name), freshness)) {
            ByteBuffer content = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, content);
            return content.array();
        }
    }

    private void readEverything() throws IOException {
        try (Keep keep = open()) {
            for (Map.Entry<String, byte[]> object : stored.entrySet()) {
                assertThat(read(keep, object.getKey(), Freshness.PROVEN))
                        .as(object.getKey())
                        .isEqualTo(object.getValue());
            }
            assertThatThrownBy(() -> keep.get("deleted")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    private void requireWhole(Keep keep, int slices) throws IOException {
        for (String name : stored.keySet()) {
            ObjectHealth health = keep.objects().inspect(ObjectName.of(name), Depth.DEEP);
            assertThat(health.bad()).as(name).isEmpty();
            assertThat(health.goodSlices()).as(name).isEqualTo(slices);
        }
    }

    /** Waits for nothing, and does one thing after the other. */
    private static final class Hasty implements Tasks {
        private final ExecutorTasks below = ExecutorTasks.on(Runnable::run);

        @Override
        public long elapsedNanos() {
            return below.elapsedNanos();
        }

        @Override
        public long monotonicNanos() {
            return below.monotonicNanos();
        }

        @Override
        public long wallMicros() {
            return below.wallMicros();
        }

        @Override
        public void pause(Duration duration) {}

        @Override
        public <T> TaskGroup<T> group() {
            return below.group();
        }
    }

    private static class Silent implements ChangeListener {
        @Override
        public void waits(Duration duration) {
            assertThat(duration)
                    .isIn(LEASE.multipliedBy(2), Timing.DEFAULT.deadline().multipliedBy(4));
        }

        @Override
        public void copied(long names) {}
    }

    private static final class Killed extends Silent {
        private final long atName;

        Killed(long atName) {
            this.atName = atName;
        }

        @Override
        public void copied(long names) {
            if (names == atName) {
                throw new IllegalStateException("killed");
            }
        }
    }
}
