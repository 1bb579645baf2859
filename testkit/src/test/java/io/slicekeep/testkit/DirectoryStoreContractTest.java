package io.slicekeep.testkit;

import io.slicekeep.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreContractTest extends CopyingBlobStoreContract {
    @TempDir(factory = RamDirectory.class)
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    @Override
    protected DirectoryStore newStore() throws IOException {
        return DirectoryStore.create(Files.createTempDirectory(parent, "store"));
    }
}
