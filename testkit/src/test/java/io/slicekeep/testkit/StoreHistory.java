package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.store.DirectoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the processes that use a store did and were told, and what therefore must be on the disk when the power is cut. */
final class StoreHistory {
    private final Map<String, Set<Known>> keys = new TreeMap<>();
    private final Map<String, String> contents = new HashMap<>();

    /** What somebody knows of a key; the test asks what of it still holds. */
    enum Known {
        PUT_BEGUN,
        PUT_DONE,
        SHOWN,
        DELETE_BEGUN,
        DELETE_DONE,
        SHOWN_AS_DELETED
    }

    private void note(String key, Known fact) {
        keys.computeIfAbsent(key, unused -> EnumSet.noneOf(Known.class)).add(fact);
    }

    boolean knows(String key, Known fact) {
        return keys.getOrDefault(key, Set.of()).contains(fact);
    }

    List<String> with(Known fact) {
        return keys.keySet().stream().filter(key -> knows(key, fact)).toList();
    }

    boolean mustStand(String key) {
        return (knows(key, Known.PUT_DONE) || knows(key, Known.SHOWN)) && !knows(key, Known.DELETE_BEGUN);
    }

    private boolean mustBeGone(String key) {
        return knows(key, Known.DELETE_DONE) || knows(key, Known.SHOWN_AS_DELETED);
    }

    void put(BlobStore store, String key) throws IOException {
        contents.put(key, key);
        note(key, Known.PUT_BEGUN);
        try (BlobSink sink = store.create(BlobKey.of(key))) {
            sink.write(ByteBuffer.wrap(content(key)));
            sink.commit();
        }
        note(key, Known.PUT_DONE);
    }

    void copy(CopyingBlobStore store, String from, String to) throws IOException {
        contents.put(to, contents.getOrDefault(from, from));
        note(to, Known.PUT_BEGUN);
        store.copy(BlobKey.of(from), BlobKey.of(to));
        note(to, Known.PUT_DONE);
    }

    /** Asks whether a key stands, as a writer does who tries again. Nothing is committed: keys have one content. */
    void putAgain(BlobStore store, String key) throws IOException {
        try (BlobSink sink = store.create(BlobKey.of(key))) {
            assertThat(sink.isOpen()).isTrue();
        } catch (BlobExistsException e) {
            note(key, Known.SHOWN);
        }
    }

    /** A deletion that overlaps the put may come before it, and then says nothing about it. */
    void delete(BlobStore store, String key) throws IOException {
        boolean stood = knows(key, Known.PUT_DONE) || knows(key, Known.SHOWN);
        note(key, Known.DELETE_BEGUN);
        store.delete(BlobKey.of(key));
        if (stood) {
            note(key, Known.DELETE_DONE);
        }
    }

    void list(BlobStore store, KeyPrefix prefix) throws IOException {
        List<String> doneBefore = with(Known.PUT_DONE);
        List<String> shown = new ArrayList<>();
        store.list(prefix, null, 1000).keys().forEach(key -> shown.add(key.value()));
        shown.forEach(key -> note(key, Known.SHOWN));
        for (String key : doneBefore) {
            if (prefix.matches(BlobKey.of(key)) && !shown.contains(key)) {
                assertThat(knows(key, Known.DELETE_BEGUN))
                        .as("missing: %s", key)
                        .isTrue();
                if (shown.stream().anyMatch(other -> directory(other).equals(directory(key)))) {
                    note(key, Known.SHOWN_AS_DELETED);
                }
            }
        }
    }

    static String directory(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    /** What was acknowledged or shown is there, what was deleted is not, and nothing is there by halves. */
    void check(Path disk) throws IOException {
        try (BlobStore store = DirectoryStore.open(disk, new UnsyncedFiles())) {
            List<String> found = new ArrayList<>();
            for (BlobKey key : store.list(KeyPrefix.ALL, null, 1000).keys()) {
                found.add(key.value());
                assertThat(read(store, key)).as("content of %s", key).isEqualTo(content(key.value()));
            }
            assertThat(keys.keySet()).containsAll(found);
            assertThat(keys.keySet().stream().filter(this::mustStand))
                    .as("acknowledged or shown")
                    .isSubsetOf(found);
            assertThat(found).as("deleted").noneMatch(this::mustBeGone);
        }
    }

    private byte[] content(String key) {
        String name = contents.getOrDefault(key, key);
        return name.substring(name.lastIndexOf('/') + 1).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] read(BlobStore store, BlobKey key) throws IOException {
        try (BlobSource source = store.open(key)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, bytes);
            return bytes.array();
        }
    }

    @Override
    public String toString() {
        return keys.toString();
    }
}
