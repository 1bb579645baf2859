package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Put and get through a keep of real directories, some of which fail. */
class KeepObjectsTest {
    private static final KeyRing PASSPHRASE = Fixture.passphrase("correct horse");
    private static final int SMALL = 4_000;
    private static final int LARGE = 3_000_000;

    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void create() throws IOException {
        fixture = new Fixture(folder);
        fixture.create(PASSPHRASE).close();
    }

    /** Around a chunk, around the largest inline object, around a stripe, and some stripes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16383, 16384, 16385, 1_046_000, 1_048_576, 1_048_577, 2_097_152, 5_000_000})
    void whatIsPutComesBack(int bytes) throws IOException {
        Path file = file("file", bytes);
        Instant modified = Instant.ofEpochSecond(1_600_000_000, 123_456_000);
        Files.setLastModifiedTime(file, FileTime.from(modified));
        try (Keep keep = open()) {
            assertThat(keep.put("a/file", file).missing()).isEmpty();
        }
        try (Keep keep = open();
                ObjectStore.Source source = keep.get("a/file")) {
            assertThat(source.info().lengthBytes()).isEqualTo(bytes);
            assertThat(source.info().modified()).isEqualTo(modified);
            assertThat(source.info().proven()).isTrue();
            assertThat(all(source)).isEqualTo(Files.readAllBytes(file));
        }
    }

    @Test
    void aRangeIsReadFromTheMiddle() throws IOException {
        Path file = file("file", LARGE);
        try (Keep keep = open()) {
            keep.put("file", file);
            ByteBuffer range = ByteBuffer.allocate(100_000);
            try (ObjectStore.Source source = keep.get("file")) {
                source.readFullyAt(1_234_567, range);
            }
            assertThat(range.array()).isEqualTo(Arrays.copyOfRange(Files.readAllBytes(file), 1_234_567, 1_334_567));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d", "e", "f"})
    void anyOneSiteMayBeLost(String lost) throws IOException {
        Map<String, byte[]> content = putBoth();
        Fixture.deleteTree(fixture.site(lost));
        assertReadable(content, Freshness.PROVEN, true);
    }

    @Test
    void anyTwoSitesMayBeLostByReadersThatAcceptStaleAnswers() throws IOException {
        Map<String, byte[]> content = putBoth();
        Fixture.deleteTree(fixture.site("a"));
        Fixture.deleteTree(fixture.site("e"));
        assertReadable(content, Freshness.POSSIBLY_STALE, false);
        try (Keep keep = open()) {
            assertThat(keep.description().access()).isEqualTo(KeepDescription.Access.POSSIBLY_STALE);
            assertThatThrownBy(() -> list(keep))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageEndingWith("a: away: no directory " + fixture.site("a")
                            + ": is its disk mounted?; e: away: no directory " + fixture.site("e")
                            + ": is its disk mounted?");
        }
    }

    @Test
    void writingNeedsWSitesAndNamesThoseThatAreAway() throws IOException {
        Map<String, byte[]> content = putBoth();
        Path file = file("new", SMALL);
        Fixture.deleteTree(fixture.site("b"));
        try (Keep keep = open()) {
            assertThat(keep.put("one-away", file).missing()).containsOnlyKeys("b");
        }
        Fixture.deleteTree(fixture.site("c"));
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.put("two-away", file)).isInstanceOf(UnavailableException.class);
        }
        assertReadable(content, Freshness.POSSIBLY_STALE, false);
    }

    @Test
    void aThirdLossNamesTheSites() throws IOException {
        putBoth();
        try (Keep keep = open()) {
            for (String name : List.of("a", "b", "c")) {
                Fixture.deleteTree(fixture.site(name));
            }
            assertThatThrownBy(() -> read(keep, "large", Freshness.POSSIBLY_STALE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("needed 4")
                    .hasMessageContaining("found 3");
        }
        assertThatThrownBy(this::open).hasMessageContaining("needed 4, found 3");
    }

    @Test
    void aWipedSiteIsNotTakenForAnEmptyOne() throws IOException {
        Map<String, byte[]> content = putBoth();
        for (String name : List.of("b", "d")) {
            Fixture.deleteTree(fixture.site(name));
            io.slicekeep.store.DirectoryStore.create(fixture.site(name)).close();
        }
        // Two sites that answered "never heard of it" would make the objects vanish.
        assertReadable(content, Freshness.POSSIBLY_STALE, false);
        try (Keep keep = open()) {
            assertThatThrownBy(() -> list(keep)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void swappedSitesServeNothingWrong() throws IOException {
        Map<String, byte[]> content = putBoth();
        fixture.swap("a", "b");
        assertReadable(content, Freshness.POSSIBLY_STALE, false);
        fixture.swap("a", "b");
        assertReadable(content, Freshness.PROVEN, true);
    }

    @Test
    void aSiteThatVanishesWhileTheKeepIsOpenIsAwayAndComesBack() throws IOException {
        Map<String, byte[]> content = putBoth();
        Path file = file("new", SMALL);
        try (Keep keep = open()) {
            Files.move(fixture.site("c"), folder.resolve("unplugged"));
            Files.createDirectory(fixture.site("c"));
            assertThat(keep.put("new", file).missing()).containsOnlyKeys("c");
            assertThat(fixture.site("c")).isEmptyDirectory();
            assertThat(read(keep, "large", Freshness.PROVEN)).isEqualTo(content.get("large"));
            Files.delete(fixture.site("c"));
            Files.move(folder.resolve("unplugged"), fixture.site("c"));
            assertThat(keep.put("again", file).missing()).isEmpty();
            assertThat(read(keep, "new", Freshness.PROVEN)).isEqualTo(Files.readAllBytes(file));
        }
    }

    @Test
    void rotAtOneSiteIsFoundAndMended() throws IOException {
        Map<String, byte[]> content = putBoth();
        flipEveryKilobyte(fixture.site("a"));
        assertReadable(content, Freshness.PROVEN, true);
    }

    @Test
    void aSiteThatRefusesWritesIsLeftOut() throws IOException {
        // A file where the directory of all objects should be: every write fails there, even for root.
        Files.createFile(fixture.site("d").resolve("n@"));
        Path file = file("file", LARGE);
        try (Keep keep = open()) {
            assertThat(keep.put("file", file).missing()).containsOnlyKeys("d");
            assertThat(read(keep, "file", Freshness.PROVEN)).isEqualTo(Files.readAllBytes(file));
        }
    }

    @Test
    void aChangeOfKeysLeavesEveryOtherByteAtTheSites() throws IOException {
        Map<String, byte[]> content = putBoth();
        KeyRing changed = Fixture.passphrase("changed");
        Map<String, byte[]> before = sitesWithoutKeys();
        try (Keep keep = open()) {
            keep.replaceKeys(changed, Set.of());
        }
        Map<String, byte[]> after = sitesWithoutKeys();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((file, bytes) -> assertThat(after.get(file)).as(file).isEqualTo(bytes));
        try (Keep keep = Keep.open(fixture.keepFile, changed)) {
            assertThat(read(keep, "large", Freshness.PROVEN)).isEqualTo(content.get("large"));
        }
    }

    @Test
    void noSiteHoldsPlaintextOrNames() throws IOException {
        byte[] canary = "the canary sings in clear text".getBytes(StandardCharsets.US_ASCII);
        Path small = Files.write(folder.resolve("small"), canary);
        byte[] repeated = new byte[LARGE];
        for (int i = 0; i < LARGE; i++) {
            repeated[i] = canary[i % canary.length];
        }
        Path large = Files.write(folder.resolve("large"), repeated);
        try (Keep keep = open()) {
            keep.put("canary-folder/canary-name", small);
            keep.put("canary-folder/canary-large", large);
        }
        for (SitePath site : fixture.sites(6)) {
            Map<String, byte[]> tree = Fixture.tree(site.directory());
            assertThat(tree).hasSizeGreaterThan(5);
            tree.forEach((name, bytes) -> {
                assertThat(name).doesNotContain("canary");
                assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
            });
        }
    }

    @Test
    void anAdoptedKeepServesItsObjects() throws IOException {
        Map<String, byte[]> content = putBoth();
        Files.delete(fixture.keepFile);
        List<Path> directories =
                Stream.of("f", "c", "a", "b", "e").map(fixture::site).toList();
        try (Keep keep = Keep.adopt(fixture.keepFile, directories, PASSPHRASE, KeepOptions.DEFAULT)) {
            assertThat(read(keep, "small", Freshness.PROVEN)).isEqualTo(content.get("small"));
        }
    }

    @Test
    void whatWasNeverPutIsNotFound() throws IOException {
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.get("nothing")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    @Test
    void aPutThatFailsToReadItsFileLeavesNothing() throws IOException {
        try (Keep keep = open()) {
            assertThatThrownBy(() -> keep.put("folder", folder)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> keep.get("folder")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    @Test
    void aKeepOfOneSiteWorksByTheSameCode() throws IOException {
        Path keepFile = folder.resolve("single.keep");
        Path file = file("file", LARGE);
        KeepSpec spec = new KeepSpec(
                io.slicekeep.dispersal.Profile.of(1, 0), List.of(new SitePath("only", folder.resolve("only"))));
        try (Keep keep = Keep.create(keepFile, spec, PASSPHRASE)) {
            keep.put("file", file);
            assertThat(read(keep, "file", Freshness.PROVEN)).isEqualTo(Files.readAllBytes(file));
        }
    }

    private Keep open() throws IOException {
        return Keep.open(fixture.keepFile, PASSPHRASE);
    }

    /** Puts an inline and a sliced object. */
    private Map<String, byte[]> putBoth() throws IOException {
        Path small = file("small", SMALL);
        Path large = file("large", LARGE);
        try (Keep keep = open()) {
            assertThat(keep.put("small", small).missing()).isEmpty();
            assertThat(keep.put("large", large).missing()).isEmpty();
        }
        return Map.of("small", Files.readAllBytes(small), "large", Files.readAllBytes(large));
    }

    private void assertReadable(Map<String, byte[]> content, Freshness freshness, boolean proven) throws IOException {
        try (Keep keep = open()) {
            for (Map.Entry<String, byte[]> object : content.entrySet()) {
                assertThat(read(keep, object.getKey(), freshness)).isEqualTo(object.getValue());
                boolean isProven = keep.objects()
                        .head(ObjectName.of(object.getKey()), freshness)
                        .proven();
                assertThat(isProven || !proven).isTrue();
            }
        }
    }

    private static ObjectStore.ObjectPage list(Keep keep) throws IOException {
        return keep.objects().list(new ObjectStore.ListQuery(null, false, null, 10, Freshness.PROVEN));
    }

    private static byte[] read(Keep keep, String name, Freshness freshness) throws IOException {
        try (ObjectStore.Source source = keep.objects().open(ObjectName.of(name), freshness)) {
            return all(source);
        }
    }

    private static byte[] all(ObjectStore.Source source) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) source.length());
        source.readFullyAt(0, all);
        return all.array();
    }

    private Path file(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(folder.resolve(name), content);
    }

    private static void flipEveryKilobyte(Path site) throws IOException {
        try (Stream<Path> files = Files.walk(site.resolve("n@"))) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    for (long offset = 100; offset < file.length(); offset += 1024) {
                        file.seek(offset);
                        int old = file.read();
                        file.seek(offset);
                        file.write(old ^ 0x10);
                    }
                }
            }
        }
    }

    private Map<String, byte[]> sitesWithoutKeys() throws IOException {
        Map<String, byte[]> all = new java.util.TreeMap<>();
        for (SitePath site : fixture.sites(6)) {
            Fixture.tree(site.directory()).forEach((file, bytes) -> {
                if (!file.startsWith("keys@")) {
                    all.put(site.name() + "/" + file, bytes);
                }
            });
        }
        return all;
    }
}
