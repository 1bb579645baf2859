package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link BlobStoreContract} says of listings. */
abstract class BlobListingContract extends BlobStoreFixture {
    /** Keys in order that stand close to each other: around the slash, and around the borders of segments. */
    private static final List<String> NEIGHBOURS = List.of(
            ".x", "A", "a", "a!", "a!/b", "a+", "a-", "a-/b", "a.", "a./b", "a.b", "a/!", "a/.b", "a/b", "a/b!c",
            "a/b/c", "a/b/c/d", "a/b0", "a/c", "a0", "a=", "a_", "aa", "aa/b", "a~", "b/a", "b/b/b", "~");

    BlobListingContract() {}

    private static List<String> expected(List<String> keys, String prefix, @Nullable String after) {
        List<String> expected = new ArrayList<>();
        for (String key : new TreeSet<>(keys)) {
            if (key.startsWith(prefix) && (after == null || key.compareTo(after) > 0)) {
                expected.add(key);
            }
        }
        return expected;
    }

    private void putNeighbours() throws IOException {
        List<String> shuffled = new ArrayList<>(NEIGHBOURS);
        Collections.shuffle(shuffled, new Random(1));
        for (String key : shuffled) {
            put(key);
        }
    }

    @Test
    void newStoreListsNothing() throws Exception {
        assertThat(store().list(KeyPrefix.ALL, null, 1)).isEqualTo(new Listing(List.of(), false));
        assertThat(store().list(new KeyPrefix("a/b"), key("c"), 1)).isEqualTo(new Listing(List.of(), false));
    }

    @Test
    void keysAreListedInBytewiseOrder() throws Exception {
        putNeighbours();
        assertThat(list()).isEqualTo(NEIGHBOURS).isSorted();
    }

    @Test
    void everyPageLimitGivesEveryKeyOnce() throws Exception {
        putNeighbours();
        for (int limit = 1; limit <= NEIGHBOURS.size() + 1; limit++) {
            assertThat(list("", null, limit)).as("limit %d", limit).isEqualTo(NEIGHBOURS);
        }
    }

    @Test
    void aPageIsFullUnlessTheStoreSaysThatThereIsMore() throws Exception {
        putNeighbours();
        for (int limit = 1; limit <= NEIGHBOURS.size() + 1; limit++) {
            Listing page = store().list(KeyPrefix.ALL, null, limit);
            assertThat(page.keys()).hasSizeLessThanOrEqualTo(limit);
            assertThat(page.more() || page.keys().size() == NEIGHBOURS.size()).isTrue();
        }
    }

    @Test
    void everyPrefixSelectsItsKeys() throws Exception {
        putNeighbours();
        for (String prefix : prefixes()) {
            assertThat(list(prefix, null, 100)).as("prefix %s", prefix).isEqualTo(expected(NEIGHBOURS, prefix, null));
        }
    }

    @Test
    void everyStartSelectsWhatIsGreater() throws Exception {
        putNeighbours();
        for (String after : starts()) {
            assertThat(list("", after, 100)).as("after %s", after).isEqualTo(expected(NEIGHBOURS, "", after));
        }
    }

    @Test
    void prefixAndStartAreIndependent() throws Exception {
        putNeighbours();
        for (String prefix : List.of("a", "a/", "a/b", "a/b/", "a!", "b/", "b/b/b", "zz")) {
            for (String after : starts()) {
                assertThat(list(prefix, after, 3))
                        .as("prefix %s after %s", prefix, after)
                        .isEqualTo(expected(NEIGHBOURS, prefix, after));
            }
        }
    }

    /** Every beginning of every key, and some of none. */
    private static Set<String> prefixes() {
        TreeSet<String> prefixes = new TreeSet<>(List.of("", "z", "a/b/c/d/e", "a/z/", "-", "a/b/c!"));
        for (String key : NEIGHBOURS) {
            for (int end = 1; end <= key.length(); end++) {
                prefixes.add(key.substring(0, end));
            }
        }
        return prefixes;
    }

    /** Every key, and keys just above and below it, there or not. */
    private static Set<String> starts() {
        TreeSet<String> starts = new TreeSet<>(List.of("!", "z", "~~"));
        for (String key : NEIGHBOURS) {
            starts.addAll(List.of(key, key + "!", key + "/!", key + "~", key + "/~"));
        }
        return starts;
    }

    @Test
    void aPageOfNoKeysIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> store().list(KeyPrefix.ALL, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store().list(KeyPrefix.ALL, null, -1));
    }

    @Test
    void aPrefixThatIsAKeyListsThatKeyToo() throws Exception {
        put("a/b");
        put("a/b/c");
        put("a/bc");
        assertThat(list("a/b", null, 1)).containsExactly("a/b", "a/b/c", "a/bc");
        assertThat(list("a/b/", null, 1)).containsExactly("a/b/c");
    }

    @Test
    void blobsNotCommittedAreNotListed() throws Exception {
        put("a");
        store().create(key("c/d")).close();
        try (BlobSink open = store().create(key("b"))) {
            assertThat(list()).containsExactly("a");
            assertThat(open.isOpen()).isTrue();
        }
        assertThat(list()).containsExactly("a");
    }

    @Test
    void deletedKeysAreNotListed() throws Exception {
        putNeighbours();
        TreeSet<String> left = new TreeSet<>(NEIGHBOURS);
        for (String key : List.of("a/b", "a", "b/b/b", "a/b/c/d", "~", "b/a", ".x")) {
            store().delete(key(key));
            left.remove(key);
            assertThat(list("", null, 2)).containsExactlyElementsOf(left);
        }
    }

    @Test
    void directoriesThatWereEmptiedDoNotHoldUpAPage() throws Exception {
        List<String> keys =
                IntStream.range(1000, 1270).mapToObj(i -> "d/" + i + "/x").toList();
        put("d/9");
        eachOf(keys, this::put);
        eachOf(keys, key -> store().delete(key(key)));
        assertThat(store().list(new KeyPrefix("d/"), null, 1)).isEqualTo(new Listing(List.of(key("d/9")), false));
    }

    @Test
    void deletingWhatWasListedSkipsNothing() throws Exception {
        putNeighbours();
        List<String> seen = new ArrayList<>();
        BlobKey last = null;
        for (Listing page = store().list(KeyPrefix.ALL, last, 3); ; page = store().list(KeyPrefix.ALL, last, 3)) {
            for (BlobKey key : page.keys()) {
                seen.add(key.value());
                store().delete(key);
                last = key;
            }
            if (!page.more()) {
                break;
            }
        }
        assertThat(seen).isEqualTo(NEIGHBOURS);
        assertThat(list()).isEmpty();
    }

    @Test
    void manyKeysInOneDirectoryArePaged() throws Exception {
        TreeSet<String> keys = new TreeSet<>();
        for (int i = 0; i < 600; i++) {
            keys.add("many/" + Integer.toString(i * 7919 % 1500, 36));
        }
        eachOf(keys, this::put);
        assertThat(list("many/", null, 250)).containsExactlyElementsOf(keys);
        assertThat(list("many/1", "many/1a", 7)).isEqualTo(expected(List.copyOf(keys), "many/1", "many/1a"));
    }

    /** As a folder of objects looks: more than any part of it that a store may hold in memory. */
    @Test
    void manyNamesDirectoriesAndRevisionsArePagedTogether() throws Exception {
        Random random = new Random(7);
        Set<String> keys = new TreeSet<>();
        while (keys.size() < 700) {
            String name = "" + anyOf("+09AFGVWZ_akl~!", random) + anyOf("+09AFGVWZ_akl~!", random);
            keys.add("d/" + name.substring(random.nextInt(2))
                    + List.of("", "!1", "!2", "/x", "!/x").get(random.nextInt(5)));
        }
        for (String key : keys) {
            put(key);
        }
        List<String> all = List.copyOf(keys);
        for (int limit : new int[] {1000, 300, 77}) {
            assertThat(list("", null, limit)).as("limit %d", limit).isEqualTo(all);
        }
        for (int i = 0; i < all.size(); i += 13) {
            String key = all.get(i);
            assertThat(list("d/", key, 300)).as("after %s", key).isEqualTo(expected(all, "d/", key));
            String prefix = key.substring(0, 3 + random.nextInt(key.length() - 2));
            assertThat(list(prefix, null, 300)).as("prefix %s", prefix).isEqualTo(expected(all, prefix, null));
        }
    }

    private static char anyOf(String characters, Random random) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    @Test
    void aCommitIsInEveryListingThatStartsLater() throws Exception {
        List<Callable<Void>> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            String prefix = "w" + w + "/";
            writers.add(() -> {
                for (int i = 0; i < 25; i++) {
                    put(prefix + (100 + i));
                    assertThat(list(prefix, null, 100)).hasSize(i + 1);
                }
                return null;
            });
        }
        together(writers);
        assertThat(list()).hasSize(100);
    }

    @Test
    void whileOthersCreateAndDeleteAListingNeverMissesWhatStays() throws Exception {
        List<String> stable = List.of("m/a/1", "m/a/2", "m/b", "m/c/d/e", "m/z");
        for (String key : stable) {
            put(key);
        }
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Void>> work = new ArrayList<>();
        for (int w = 0; w < 3; w++) {
            String mine = "w" + w;
            work.add(() -> {
                for (int i = 0; i < 40; i++) {
                    put("m/a/" + mine + i);
                    put("m/" + mine + i + "/x");
                    store().delete(key("m/a/" + mine + i));
                    store().delete(key("m/" + mine + i + "/x"));
                }
                done.set(true);
                return null;
            });
        }
        work.add(() -> {
            while (!done.get()) {
                assertThat(list("m/", null, 2)).containsAll(stable).isSorted().doesNotHaveDuplicates();
            }
            return null;
        });
        together(work);
        assertThat(list("m/", null, 2)).isEqualTo(stable);
    }
}
