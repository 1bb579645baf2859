package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.store.DirectoryStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system without hard links. */
class DirectoryStoreLockContractTest extends CopyingBlobStoreContract {
    @TempDir(factory = RamDirectory.class)
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private static class FilesWithoutLinks extends UnsyncedFiles {
        @Override
        public void link(Path file, Path link) {
            throw new UnsupportedOperationException("no hard links here");
        }
    }

    @Override
    protected DirectoryStore newStore() throws IOException {
        return DirectoryStore.create(Files.createTempDirectory(parent, "store"), new FilesWithoutLinks());
    }

    @Test
    void theMarkerSaysSoForAllProcesses() throws Exception {
        Path directory = parent.resolve("marked");
        DirectoryStore.create(directory, new FilesWithoutLinks()).close();
        assertThat(directory.resolve("#store")).content().endsWith("commit lock\n");
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        put("a/b");
        try (var files = Files.list(Path.of(store().toString()).resolve("#tmp"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aLockThatIsNotReleasedInOrderDoesNotMakeACommitLookFailed() throws Exception {
        FilesWithoutLinks files = new FilesWithoutLinks() {
            @Override
            public Closeable lock(Path file) throws IOException {
                Closeable lock = super.lock(file);
                return () -> {
                    lock.close();
                    throw new IOException("lost");
                };
            }
        };
        try (DirectoryStore store = DirectoryStore.create(parent.resolve("lossy"), files)) {
            try (BlobSink sink = store.create(key("a"))) {
                sink.commit();
            }
            assertThat(store.list(KeyPrefix.ALL, null, 10).keys()).containsExactly(key("a"));
        }
    }
}
