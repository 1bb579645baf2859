package io.slicekeep.testkit;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Directories are not really synced: for tests of other things than durability. */
class UnsyncedFiles extends ForwardingFiles {
    @Override
    public void sync(Path directory) throws NoSuchFileException {
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
    }
}
