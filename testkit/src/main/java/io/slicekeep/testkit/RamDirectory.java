package io.slicekeep.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Temporary directories in memory where the system has room for them, for tests that make many files and need no disk: a sync costs
 * nothing there. Thread-safe.
 */
public final class RamDirectory implements TempDirFactory {
    private static final Path RAM = Path.of("/dev/shm");
    private static final long LEAST_BYTES = 4L << 30;

    /** Called by JUnit. */
    public RamDirectory() {}

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return isRoomy()
                ? Files.createTempDirectory(RAM, "slicekeep-test")
                : Files.createTempDirectory("slicekeep-test");
    }

    private static boolean isRoomy() throws IOException {
        return Files.isDirectory(RAM)
                && Files.isWritable(RAM)
                && Files.getFileStore(RAM).getUsableSpace() >= LEAST_BYTES;
    }
}
