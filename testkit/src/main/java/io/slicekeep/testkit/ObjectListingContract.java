package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.ObjectPage;
import io.slicekeep.object.ObjectStore.PutOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How every store of objects lists. Subclasses make a store; each test has one of its own. */
public abstract class ObjectListingContract extends ObjectStoreFixture {
    private static final List<String> NAMES = List.of(
            "a",
            "a!",
            "a.txt",
            "a/",
            "a/b",
            "a/b/c",
            "a/b/c/d",
            "a0",
            "b/x",
            "b/y",
            "c//d",
            "/",
            "/e",
            "é/ü",
            "ÿ",
            "long/" + "x".repeat(96),
            "long/" + "x".repeat(97) + "/y",
            "long/" + "d".repeat(161) + "/z",
            "d".repeat(161) + "/z",
            "d".repeat(161) + "/zz/1",
            "long/short",
            "deep/" + "e/".repeat(30) + "f");

    /** Creates the contract. */
    protected ObjectListingContract() {}

    @Test
    void anEmptyStoreListsNothing() throws IOException {
        ObjectPage page = objects().list(query("", false, null, 10));
        assertThat(page.entries()).isEmpty();
        assertThat(page.groups()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(page.proven()).isTrue();
    }

    @Test
    void namesComeInBytewiseOrderWhateverTheLimit() throws IOException {
        List<ObjectName> names = putAll();
        for (int limit : new int[] {1, 2, 3, 5, names.size() - 1, names.size(), 1000, Integer.MAX_VALUE}) {
            assertThat(pages(objects(), "", false, limit)).as("limit %d", limit).isEqualTo(sorted(names));
        }
    }

    @Test
    void everyPrefixFindsItsNames() throws IOException {
        List<ObjectName> names = putAll();
        for (String name : NAMES) {
            for (int end = 0; end <= name.length(); end++) {
                String prefix = name.substring(0, end);
                for (boolean delimited : new boolean[] {false, true}) {
                    if (end < 12 || end > name.length() - 4) {
                        assertThat(pages(objects(), prefix, delimited, 4))
                                .as("prefix '%s' delimited %s", prefix, delimited)
                                .isEqualTo(ObjectModel.expected(names, prefix, delimited));
                    }
                }
            }
        }
    }

    @Test
    void aListingGoesOnBehindAnyName() throws IOException {
        List<ObjectName> names = sorted(putAll());
        List<ObjectName> afters = new ArrayList<>(names);
        afters.addAll(List.of(ObjectName.of("a/a"), ObjectName.of("a/b/"), ObjectName.of("zz"), ObjectName.of("long")));
        for (ObjectName after : afters) {
            List<ObjectName> expected =
                    names.stream().filter(name -> name.compareTo(after) > 0).toList();
            assertThat(objects().list(query("", false, after, 100)).entries())
                    .as("after %s", after)
                    .extracting(ObjectEntry::name)
                    .isEqualTo(expected);
        }
    }

    @Test
    void entriesTellWhatHeadTells() throws IOException {
        ObjectName name = ObjectName.of("dir/name");
        put(name, bytes(12_345, 1), new PutOptions(Instant.parse("2001-02-03T04:05:06.000007Z"), Map.of(), false));
        ObjectInfo info = head(name);
        assertThat(objects().list(query("", false, null, 10)).entries())
                .containsExactly(
                        new ObjectEntry(name, info.lengthBytes(), info.modified(), info.crc32c(), info.etag()));
    }

    @Test
    void aDirectoryOfDeletedObjectsIsNoGroup() throws IOException {
        put(ObjectName.of("gone/a"), bytes(1, 1));
        put(ObjectName.of("gone/b"), bytes(1, 1));
        put(ObjectName.of("kept/a"), bytes(1, 1));
        put(ObjectName.of("kept/b"), bytes(1, 1));
        objects().delete(ObjectName.of("gone/a"));
        objects().delete(ObjectName.of("gone/b"));
        objects().delete(ObjectName.of("kept/a"));
        assertThat(objects().list(query("", true, null, 10)).groups()).containsExactly(ObjectName.of("kept/"));
        assertThat(pages(objects(), "", false, 1)).containsExactly(ObjectName.of("kept/b"));
    }

    @Test
    void aDirectoryOfMoreNamesThanAPageOfItsSitesIsListedWhole() throws IOException {
        List<ObjectName> names = new ArrayList<>();
        for (int i = 0; i < 1100; i++) {
            names.add(ObjectName.of("many/" + i));
        }
        names.add(ObjectName.of("many/sub/x"));
        names.add(ObjectName.of("other/y"));
        for (ObjectName name : names) {
            put(name, bytes(1, 1));
        }
        assertThat(pages(objects(), "", false, 400)).isEqualTo(sorted(names));
        assertThat(pages(objects(), "", true, 400)).containsExactly(ObjectName.of("many/"), ObjectName.of("other/"));
        assertThat(pages(objects(), "many/", true, 5000)).hasSize(1101);
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> objects().list(query("", false, null, 0)));
    }

    private List<ObjectName> putAll() throws IOException {
        List<ObjectName> names = new ArrayList<>();
        for (String text : NAMES) {
            ObjectName name = ObjectName.of(text);
            put(name, bytes(1, 1));
            names.add(name);
        }
        return names;
    }

    private static List<ObjectName> sorted(List<ObjectName> names) {
        return names.stream().sorted().toList();
    }
}
