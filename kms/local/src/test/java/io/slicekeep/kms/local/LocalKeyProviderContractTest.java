package io.slicekeep.kms.local;

import io.slicekeep.key.KeyProvider;
import io.slicekeep.testkit.KeyProviderContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LocalKeyProviderContractTest extends KeyProviderContract {
    @TempDir
    private Path directory;

    @BeforeEach
    void createKeystores() throws IOException {
        LocalKeystore.create(directory.resolve("ours")).addKey("photos");
        LocalKeystore.create(directory.resolve("theirs")).addKey("photos");
    }

    @Override
    protected KeyProvider create() throws IOException {
        return LocalKeystore.open(directory.resolve("ours")).provider("photos");
    }

    @Override
    protected KeyProvider createStranger() throws IOException {
        return LocalKeystore.open(directory.resolve("theirs")).provider("photos");
    }
}
