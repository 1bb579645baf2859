package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.store.DirectoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is full, read-only or gone. */
class DirectoryStoreFaultsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private Path disk = Path.of("");
    private boolean mounted;

    @BeforeEach
    void needRoot() throws Exception {
        Needs.root();
        disk = Files.createDirectory(parent.resolve("disk"));
    }

    @AfterEach
    void unmountDisk() throws Exception {
        if (mounted) {
            unmount();
        }
    }

    private void mount(String options) throws Exception {
        try {
            Needs.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString());
        } catch (IOException e) {
            Needs.that(false, "this machine does not let us mount: " + e.getMessage());
        }
        mounted = true;
    }

    private void unmount() throws Exception {
        Needs.run("umount", disk.toString());
        mounted = false;
    }

    private static BlobKey key(String text) {
        return BlobKey.of(text);
    }

    private static void put(DirectoryStore store, String key, int lengthBytes) throws IOException {
        try (BlobSink sink = store.create(key(key))) {
            for (int rest = lengthBytes; rest > 0; rest -= 4096) {
                sink.write(ByteBuffer.allocate(Math.min(rest, 4096)));
            }
            sink.commit();
        }
    }

    private static List<BlobKey> list(DirectoryStore store) throws IOException {
        return store.list(KeyPrefix.ALL, null, 10_000).keys();
    }

    private void assertNoTemporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(disk.resolve("#tmp"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFullDiskLeavesNothingHalfVisibleAndGoesOnWhenThereIsRoom() throws Exception {
        mount("size=1m");
        try (DirectoryStore store = DirectoryStore.create(disk)) {
            put(store, "small", 100_000);
            assertThatThrownBy(() -> put(store, "large", 5_000_000))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("large")
                    .hasMessageContaining(disk.toString());
            assertThat(list(store)).containsExactly(key("small"));
            assertNoTemporaryFiles();
            put(store, "another", 100_000);
            store.delete(key("small"));
            put(store, "large", 800_000);
            assertThat(list(store)).containsExactly(key("another"), key("large"));
        }
    }

    @Test
    void theMessageOfAFullDiskNamesTheRemedy() throws Exception {
        mount("size=1m");
        try (DirectoryStore store = DirectoryStore.create(disk);
                BlobSink sink = store.create(key("a"))) {
            assertThatThrownBy(() -> {
                        while (true) {
                            sink.write(ByteBuffer.allocate(4096));
                        }
                    })
                    .hasMessageStartingWith("cannot write a blob in " + disk + ": ")
                    .hasMessageEndingWith("the disk is full: free some space or add a larger one")
                    .satisfies(first -> assertThatThrownBy(sink::commit).isSameAs(first));
        }
    }

    /** Room for a temporary file, but not for the directories and the name of the blob. */
    @Test
    void aDiskWithoutInodesLeavesNothingHalfVisible() throws Exception {
        mount("size=4m,nr_inodes=12");
        try (DirectoryStore store = DirectoryStore.create(disk)) {
            int done = 0;
            try {
                while (done < 20) {
                    put(store, "d" + done + "/e/f", 10);
                    done++;
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining(disk.toString());
            }
            assertThat(done).isBetween(1, 5);
            assertThat(list(store)).hasSize(done);
            assertNoTemporaryFiles();
            store.delete(key("d0/e/f"));
            put(store, "x", 10);
        }
    }

    @Test
    void aReadOnlyDiskIsReadAndRefusesChangesInWords() throws Exception {
        mount("size=1m");
        try (DirectoryStore store = DirectoryStore.create(disk)) {
            put(store, "a/b", 3);
        }
        Needs.run("mount", "-o", "remount,ro", disk.toString());
        try (DirectoryStore store = DirectoryStore.open(disk);
                BlobSource source = store.open(key("a/b"))) {
            assertThat(list(store)).containsExactly(key("a/b"));
            assertThat(source.readAt(0, ByteBuffer.allocate(9))).isEqualTo(3);
            for (String message : List.of(
                    failureOf(() -> put(store, "c", 3)),
                    failureOf(() -> store.delete(key("a/b"))),
                    failureOf(() -> store.copy(key("a/b"), key("d"))))) {
                assertThat(message)
                        .contains(" in " + disk + ": Read-only file system")
                        .endsWith("read-only: mount it for writing");
            }
            assertThat(list(store)).containsExactly(key("a/b"));
        }
        assertThat(failureOf(() -> DirectoryStore.create(disk.resolve("new")).close()))
                .contains("cannot create a store");
    }

    private interface Action {
        void run() throws IOException;
    }

    private static String failureOf(Action action) {
        try {
            action.run();
            return "no failure";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void anUnmountedDiskIsAwayAndNotEmpty() throws Exception {
        mount("size=1m");
        try (DirectoryStore store = DirectoryStore.create(disk)) {
            put(store, "a/b", 3);
            BlobSink open = store.create(key("c/d"));
            open.close();
            unmount();
            assertThatThrownBy(() -> list(store)).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> store.open(key("a/b"))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> put(store, "c/d", 3)).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> store.delete(key("a/b"))).isInstanceOf(UnavailableException.class);
        }
        try (Stream<Path> files = Files.list(disk)) {
            assertThat(files).as("written under the mount point").isEmpty();
        }
        assertThatThrownBy(() -> DirectoryStore.open(disk))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("is its disk mounted?");
    }
}
