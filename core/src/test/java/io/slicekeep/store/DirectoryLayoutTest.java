package io.slicekeep.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DirectoryLayoutTest {
    private final Path root = Path.of("/store");
    private final DirectoryLayout layout = new DirectoryLayout(root);

    @Test
    void keysStandWhereTheFormatSays() {
        Map<String, String> places = Map.of(
                "c", "c", "a/b/c", "a@/b@/c", ".b", "@.b", "a/.b", "a@/@.b", ".a/b", "@.a@/b", "...", "@...", "a.",
                "a.");
        places.forEach(
                (key, place) -> assertThat(layout.file(BlobKey.of(key))).as(key).isEqualTo(root.resolve(place)));
    }

    @Test
    void namesWithAnExclamationMarkStandInBuckets() {
        Map<String, String> places = Map.of(
                "b!c",
                "#b0/b!c",
                "a/bF!c",
                "a@/#b0/bF!c",
                "bG!",
                "#b1/bG!",
                "bV!!",
                "#b1/bV!!",
                "bW!c/d",
                "#b2/bW!c@/d",
                "bk!",
                "#b2/bk!",
                "bl!",
                "#b3/bl!",
                "!b",
                "!b",
                ".a!b",
                "#.2/@.a!b",
                "~~!",
                "#~3/~~!");
        places.forEach(
                (key, place) -> assertThat(layout.file(BlobKey.of(key))).as(key).isEqualTo(root.resolve(place)));
    }

    @Test
    void bucketsHaveTheOrderOfTheNamesInThem() {
        List<String> characters =
                List.of("!+-.0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~".split(""));
        String last = "#!0";
        for (String first : characters) {
            for (String second : characters) {
                String bucket = DirectoryLayout.bucketAt(first + second + "!");
                assertThat(bucket).isGreaterThanOrEqualTo(last).matches(DirectoryLayout::isBucket);
                last = bucket;
            }
            assertThat(DirectoryLayout.bucketAt(first + "/")).isEqualTo("#" + first + "0");
        }
    }

    @Test
    void aBucketIsKnownOnceTheNameIs() {
        assertThat(DirectoryLayout.bucket("ab!")).contains("#a2");
        assertThat(DirectoryLayout.bucket("a!")).contains("#a0");
        for (String open : List.of("", "a", "ab", "!", "!a", "!!")) {
            assertThat(DirectoryLayout.bucket(open)).as(open).isEmpty();
        }
    }

    @Test
    void namesStandForTheSegmentsTheyWereMadeOf() {
        for (String segment : List.of("a", ".a", "a.", "...", "~", "x".repeat(250), "." + "x".repeat(249))) {
            Path file = layout.file(BlobKey.of(segment + "/" + segment));
            assertThat(DirectoryLayout.entry(file.getFileName().toString())).contains(segment);
            assertThat(DirectoryLayout.entry(file.getName(1).toString())).contains(segment + "/");
        }
    }

    @Test
    void otherNamesStandForNothing() {
        for (String name : List.of(
                "#store",
                "#tmp",
                "#lock",
                "#a0",
                ".hidden",
                ".nfs0001",
                "@",
                "@@",
                "@a",
                "@.",
                "@..",
                "@.@",
                "a@@",
                "a b",
                "é",
                ".a@",
                "",
                "x".repeat(251))) {
            assertThat(DirectoryLayout.entry(name)).as(name).isEmpty();
        }
    }

    @Test
    void theWayUpEndsAtTheRoot() {
        Path directory = layout.directory("a/b/");
        assertThat(layout.upwards(directory)).containsExactly(root.resolve("a@/b@"), root.resolve("a@"), root);
        assertThat(layout.belowRoot(directory)).containsExactly(root.resolve("a@/b@"), root.resolve("a@"));
        assertThat(layout.upwards(root)).containsExactly(root);
    }

    @Test
    void temporaryNamesAreNeverUsedTwice() {
        assertThat(layout.temporaryFile()).isNotEqualTo(layout.temporaryFile());
    }
}
