package io.slicekeep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Who may change a file or directory. */
final class Permissions {
    private Permissions() {}

    /** Warns if others than its owner may. */
    static List<Finding> check(String subject, Path path, String danger) {
        Set<PosixFilePermission> mode;
        try {
            mode = Files.getPosixFilePermissions(path);
        } catch (IOException | UnsupportedOperationException e) {
            return List.of();
        }
        if (!mode.contains(PosixFilePermission.GROUP_WRITE) && !mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            return List.of();
        }
        String message = path + " may be written by others than its owner (" + PosixFilePermissions.toString(mode)
                + "): " + danger;
        return List.of(Finding.warning(subject, "permissions", message, "chmod go-w " + path));
    }
}
