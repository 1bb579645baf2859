package io.slicekeep.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Temporary directories in memory where the system has such, for tests that make many files and need no disk. */
final class RamDirectory implements TempDirFactory {
    private static final Path RAM = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return Files.isDirectory(RAM) && Files.isWritable(RAM)
                ? Files.createTempDirectory(RAM, "slicekeep-test")
                : Files.createTempDirectory("slicekeep-test");
    }
}
