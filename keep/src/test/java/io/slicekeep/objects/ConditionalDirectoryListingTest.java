package io.slicekeep.objects;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.testkit.ObjectListingContract;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

class ConditionalDirectoryListingTest extends ObjectListingContract {
    @TempDir
    private Path folder;

    private @Nullable DirectoryObjects opened;

    @Override
    protected ObjectStore newObjects() throws IOException {
        DirectoryObjects created = new DirectoryObjects(Profile.of(2, 1), folder, NamespaceMode.CONDITIONAL);
        opened = created;
        return created.objects();
    }

    @Override
    protected void end() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }
}
