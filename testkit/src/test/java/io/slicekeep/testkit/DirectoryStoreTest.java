package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.store.DirectoryStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {
    @TempDir(factory = RamDirectory.class)
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private static BlobKey key(String text) {
        return BlobKey.of(text);
    }

    private static void put(DirectoryStore store, String key) throws IOException {
        try (BlobSink sink = store.create(key(key))) {
            sink.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            sink.commit();
        }
    }

    private static List<BlobKey> list(DirectoryStore store) throws IOException {
        return store.list(KeyPrefix.ALL, null, 100).keys();
    }

    private static void assertFormat(Kind kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((FormatException) e).kind())
                .isEqualTo(kind);
    }

    // Creating and opening

    @Test
    void aStoreIsCreatedWithItsParentsAndOpenedAgain() throws Exception {
        Path directory = parent.resolve("x/y/z");
        try (DirectoryStore store = DirectoryStore.create(directory)) {
            put(store, "a/b");
        }
        try (DirectoryStore store = DirectoryStore.open(directory)) {
            assertThat(list(store)).containsExactly(key("a/b"));
        }
        assertThat(directory.resolve("a@/b")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void aFreshFileSystemCountsAsEmpty() throws Exception {
        Files.createDirectory(parent.resolve("lost+found"));
        assertThatThrownBy(() -> DirectoryStore.open(parent)).hasMessageContaining("is empty");
        try (DirectoryStore store = DirectoryStore.create(parent)) {
            assertThat(list(store)).isEmpty();
        }
    }

    @Test
    void aCreationThatStoppedHalfwayIsCompletedByTheNext() throws Exception {
        Files.createDirectory(parent.resolve("#tmp"));
        DirectoryStore.create(parent).close();
        DirectoryStore.open(parent).close();
    }

    @Test
    void aStoreIsNotCreatedTwice() throws Exception {
        DirectoryStore.create(parent).close();
        assertThatThrownBy(() -> DirectoryStore.create(parent))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(parent.toString())
                .hasMessageContaining("already holds a store");
    }

    @Test
    void whatHoldsSomethingElseBecomesNoStore() throws Exception {
        Files.writeString(parent.resolve("photo.jpg"), "photo");
        assertFormat(Kind.NOT_OURS, "photo.jpg", () -> DirectoryStore.create(parent));
        assertFormat(Kind.NOT_OURS, parent.toString(), () -> DirectoryStore.open(parent));
        try (var files = Files.list(parent)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aMissingAnEmptyAndAForeignPathAreToldApart() throws Exception {
        assertThatThrownBy(() -> DirectoryStore.open(parent.resolve("missing")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("no directory")
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> DirectoryStore.open(parent))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("is empty: is its disk mounted?");
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertFormat(Kind.NOT_OURS, "is not a directory", () -> DirectoryStore.open(file));
        assertThatThrownBy(() -> DirectoryStore.create(file)).hasMessageContaining("is not a directory");
    }

    @Test
    void newerAndDamagedMarkersAreToldApart() throws Exception {
        DirectoryStore.create(parent).close();
        Path marker = parent.resolve("#store");
        Files.writeString(marker, "slicekeep directory store 7\n");
        assertFormat(Kind.TOO_NEW, "version 7", () -> DirectoryStore.open(parent));
        Files.writeString(marker, "slicekeep directory store 1\n");
        assertFormat(Kind.CORRUPT, "damaged", () -> DirectoryStore.open(parent));
        Files.writeString(marker, "x".repeat(100_000));
        assertFormat(Kind.NOT_OURS, "does not mark", () -> DirectoryStore.open(parent));
    }

    @Test
    void fileSystemsThatDoNotTellCasesApartAreRefused() throws Exception {
        UnsyncedFiles insensitive = new UnsyncedFiles() {
            @Override
            public boolean same(Path one, Path other) {
                return one.toString().equalsIgnoreCase(other.toString());
            }
        };
        assertFormat(Kind.NOT_OURS, "upper from lower", () -> DirectoryStore.create(parent, insensitive));
        DirectoryStore.create(parent).close();
        assertFormat(Kind.NOT_OURS, "upper from lower", () -> DirectoryStore.open(parent, insensitive));
    }

    @Test
    void aDirectoryThatCannotBeSyncedIsRefusedAtOnce() throws Exception {
        DirectoryStore.create(parent).close();
        ForwardingFiles unsyncable = new ForwardingFiles() {
            @Override
            public void sync(Path directory) throws IOException {
                throw new IOException("Invalid argument");
            }
        };
        assertThatThrownBy(() -> DirectoryStore.open(parent, unsyncable))
                .hasMessageContaining("cannot open the store in " + parent);
    }

    // What lies in the directory beside blobs

    @Test
    void whatIsNoBlobIsNeitherListedNorOpened() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(parent)) {
            put(store, "a");
            for (String name : List.of(".nfs0001", ".DS_Store", "#x", "a b", "b@")) {
                Files.writeString(parent.resolve(name), "x");
            }
            Files.createDirectories(parent.resolve("lost+found/x"));
            Files.createDirectories(parent.resolve("d"));
            Files.createSymbolicLink(parent.resolve("link"), parent.resolve("a"));
            Files.createSymbolicLink(parent.resolve("loop@"), parent);
            assertThat(list(store)).containsExactly(key("a"));
            for (String absent : List.of("d", "link", "lost+found", "b/c")) {
                assertThatThrownBy(() -> store.open(key(absent))).as(absent).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> store.open(key("link"))).isInstanceOf(BlobNotFoundException.class);
        }
    }

    @Test
    void temporaryFilesOfKilledProcessesAreNotListed() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(parent)) {
            Files.writeString(parent.resolve("#tmp/0123456789abcdef01234567"), "half");
            assertThat(list(store)).isEmpty();
        }
    }

    @Test
    void abortedAndRefusedBlobsLeaveNoTemporaryFile() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(parent)) {
            store.create(key("a")).close();
            try (BlobSink late = store.create(key("b"))) {
                put(store, "b");
                assertThatThrownBy(late::commit).isInstanceOf(IOException.class);
            }
            list(store);
            try (var files = Files.list(parent.resolve("#tmp"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    /** A purge removes files that have been there for too long; a commit that was suspended must then fail. */
    @Test
    void aCommitWhoseTemporaryFileWasRemovedFails() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(parent);
                BlobSink sink = store.create(key("a/b"))) {
            try (var files = Files.list(parent.resolve("#tmp"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            assertThatThrownBy(sink::commit).hasMessageContaining("temporary file was removed");
            assertThat(list(store)).isEmpty();
        }
    }

    @Test
    void directoriesThatADeletionEmptiesAreRemoved() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(parent)) {
            put(store, "a/b/c/d");
            put(store, "a/x");
            store.delete(key("a/b/c/d"));
            assertThat(parent.resolve("a@")).isDirectory();
            assertThat(parent.resolve("a@/b@")).doesNotExist();
            store.delete(key("a/x"));
            assertThat(parent.resolve("a@")).doesNotExist();
        }
    }

    /** Others delete their last blob there, again and again, just after we have made the directory. */
    @Test
    void aCommitMakesItsDirectoriesAgainHoweverOftenTheyAreRemoved() throws Exception {
        DirectoryStore.create(parent).close();
        AtomicInteger removals = new AtomicInteger(20);
        UnsyncedFiles contended = new UnsyncedFiles() {
            @Override
            public void link(Path file, Path link) throws IOException {
                Path directory = parent.resolve("a@/b@");
                if (Files.exists(directory) && removals.decrementAndGet() >= 0) {
                    Files.delete(directory);
                    Files.delete(parent.resolve("a@"));
                }
                super.link(file, link);
            }
        };
        try (DirectoryStore store = DirectoryStore.open(parent, contended)) {
            put(store, "a/b/c");
            assertThat(list(store)).containsExactly(key("a/b/c"));
            assertThat(removals.get()).isNegative();
        }
    }

    // Replies that were lost, links that have run out, files beyond 4 GiB

    @Test
    void aLinkWhoseReplyWasLostIsOurs() throws Exception {
        UnsyncedFiles lossy = new UnsyncedFiles() {
            @Override
            public void link(Path file, Path link) throws IOException {
                super.link(file, link);
                super.link(file, link);
            }
        };
        DirectoryStore.create(parent).close();
        try (DirectoryStore store = DirectoryStore.open(parent, lossy)) {
            put(store, "a");
            assertThat(list(store)).containsExactly(key("a"));
        }
    }

    @Test
    void aCopyTakesTheBytesWhereNoMoreLinksAreToBeHad() throws Exception {
        DirectoryStore.create(parent).close();
        UnsyncedFiles exhausted = new UnsyncedFiles() {
            @Override
            public void link(Path file, Path link) throws IOException {
                if (file.endsWith("a")) {
                    throw new FileSystemException(link.toString(), null, "Too many links");
                }
                super.link(file, link);
            }
        };
        try (DirectoryStore store = DirectoryStore.open(parent, exhausted)) {
            put(store, "a");
            store.copy(key("a"), key("b/c"));
            assertThat(parent.resolve("b@/c")).hasBinaryContent(new byte[] {1, 2, 3});
        }
    }

    @Test
    void offsetsBeyondFourGibibytesAreNotTruncated() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(parent)) {
            put(store, "a");
            long end = (1L << 32) + 10;
            try (RandomAccessFile sparse =
                    new RandomAccessFile(parent.resolve("a").toFile(), "rw")) {
                sparse.seek(end - 1);
                sparse.write(7);
            }
            try (BlobSource source = store.open(key("a"))) {
                assertThat(source.length()).isEqualTo(end);
                ByteBuffer dst = ByteBuffer.allocate(3);
                assertThat(source.readAt(end - 2, dst)).isEqualTo(2);
                assertThat(dst.array()).containsExactly(0, 7, 0);
                assertThat(source.readAt(end, dst)).isEqualTo(-1);
                assertThat(source.readAt(1L << 32, dst.clear())).isEqualTo(3);
                assertThat(dst.array()).containsExactly(0, 0, 0);
            }
        }
    }

    /** Tools that copy trees may leave out an empty directory. */
    @Test
    void aStoreThatWasCopiedWithoutItsEmptyDirectoryWrites() throws Exception {
        DirectoryStore.create(parent).close();
        Files.delete(parent.resolve("#tmp"));
        try (DirectoryStore store = DirectoryStore.open(parent)) {
            put(store, "a");
            assertThat(list(store)).containsExactly(key("a"));
        }
    }

    /** Also one that was made in the same tick of the file system's clock. */
    @Test
    void anotherStoreInThePlaceOfThisOneIsNoticed() throws Exception {
        Path here = parent.resolve("here");
        DirectoryStore.create(parent.resolve("other")).close();
        UnsyncedFiles oneTick = new UnsyncedFiles() {
            @Override
            public Version version(Path path) throws IOException {
                return new Version(super.version(path).file(), FileTime.fromMillis(0));
            }
        };
        try (DirectoryStore store = DirectoryStore.create(here, oneTick)) {
            put(store, "a");
            Files.move(here, parent.resolve("away"));
            assertThatThrownBy(() -> list(store))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("gone");
            Files.createDirectory(here);
            assertThatThrownBy(() -> list(store))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("gone");
            assertThatThrownBy(() -> store.open(key("a"))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> store.delete(key("a"))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> store.create(key("b"))).isInstanceOf(UnavailableException.class);
            Files.delete(here);
            Files.move(parent.resolve("other"), here);
            assertThatThrownBy(() -> list(store))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("another store");
            Files.move(here, parent.resolve("other"));
            Files.move(parent.resolve("away"), here);
            assertThat(list(store)).containsExactly(key("a"));
        }
    }
}
