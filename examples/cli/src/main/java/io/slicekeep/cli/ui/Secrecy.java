package io.slicekeep.cli.ui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Who can read a file that holds a secret. */
public final class Secrecy {
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Secrecy() {}

    /**
     * Tells if others than its owner can.
     *
     * @param file what holds a secret
     * @return what is wrong; empty if they cannot, or its file system does not tell
     */
    public static Optional<String> breach(Path file) {
        Set<PosixFilePermission> mode;
        try {
            mode = Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
        return OWNERS.containsAll(mode)
                ? Optional.empty()
                : Optional.of(
                        file + " may be read by others than its owner (" + PosixFilePermissions.toString(mode) + ")");
    }

    /**
     * Returns the command that mends it.
     *
     * @param file what holds a secret
     * @return a shell command
     */
    public static String remedy(Path file) {
        return "chmod go= " + file;
    }
}
