package io.slicekeep.testkit;

import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTidyTest extends TidyBlobStoreContract {
    @TempDir(factory = RamDirectory.class)
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    @Override
    protected TidyBlobStore newStore() throws IOException {
        return DirectoryStore.create(Files.createTempDirectory(parent, "store"), new UnsyncedFiles());
    }
}
