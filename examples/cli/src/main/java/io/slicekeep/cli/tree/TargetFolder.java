package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.object.ObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The directory that objects come out into. Names are not trusted: whatever a keep holds, nothing is written outside, neither
 * through {@code ..} nor through a link that stands, or is restored, inside. Confined to one thread.
 */
final class TargetFolder {
    private final Path root;
    private final Set<Path> directories = new HashSet<>();

    /** Takes a directory, which is made when first needed; a link that the user names is followed. */
    TargetFolder(Path root) {
        this.root = root;
    }

    /**
     * Returns where a name belongs, after making its parents.
     *
     * @param name what follows the folder's own, without NUL as all names; a directory's ends with a slash, and the folder itself is empty
     */
    Path place(byte[] name) throws IOException {
        makeRoot();
        Path path = root;
        List<byte[]> parts = parts(name);
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                makeDirectory(path);
            }
            path = PathBytes.resolve(path, parts.get(i));
        }
        return path;
    }

    /** Returns where a directory belongs, after making it. */
    Path makePlace(byte[] name) throws IOException {
        Path path = place(name);
        if (!path.equals(root)) {
            makeDirectory(path);
        }
        return path;
    }

    private void makeRoot() throws IOException {
        if (directories.add(root) && !Files.isDirectory(root)) {
            Files.createDirectories(root);
        }
    }

    private void makeDirectory(Path path) throws IOException {
        if (directories.contains(path)) {
            return;
        }
        try {
            if (FileStat.of(path).kind() != FileKind.DIRECTORY) {
                throw new CommandException(
                        ExitCode.EXISTS,
                        path + " is no directory, or a link to one: nothing is written through it; move it away");
            }
        } catch (NoSuchFileException e) {
            Files.createDirectory(path);
        }
        directories.add(path);
    }

    private static List<byte[]> parts(byte[] name) throws CommandException {
        List<byte[]> parts = new ArrayList<>();
        int end = name.length > 0 && name[name.length - 1] == '/' ? name.length - 1 : name.length;
        for (int start = 0; end > 0 && start <= end; ) {
            int slash = start;
            while (slash < end && name[slash] != '/') {
                slash++;
            }
            parts.add(checked(Arrays.copyOfRange(name, start, slash), name));
            start = slash + 1;
        }
        if (name.length > 0 && parts.isEmpty()) {
            throw leavesTarget(name);
        }
        return parts;
    }

    private static byte[] checked(byte[] part, byte[] name) throws CommandException {
        boolean dots = part.length <= 2 && part.length > 0 && part[0] == '.' && part[part.length - 1] == '.';
        if (part.length == 0 || dots) {
            throw leavesTarget(name);
        }
        return part;
    }

    private static CommandException leavesTarget(byte[] name) {
        return new CommandException(
                ExitCode.IO,
                "the name '" + ObjectName.ofBytes(name)
                        + "' has an empty part, '.' or '..' and could leave the target: get it by itself with"
                        + " 'slicekeep get NAME -'");
    }
}
