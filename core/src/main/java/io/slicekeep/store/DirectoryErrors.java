package io.slicekeep.store;

import io.slicekeep.error.SlicekeepException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what a file system's refusal means for a store, and what to do about it. */
final class DirectoryErrors {
    /** With less than this left, a disk is as good as full. */
    private static final long FULL_BYTES = 1 << 20;

    /** Something done with files. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    private DirectoryErrors() {}

    /**
     * Runs an action.
     *
     * @param root of the store
     * @param what is being done, as in "cannot ..."
     */
    static <T> T explaining(Path root, String what, Action<T> action) throws IOException {
        try {
            return action.run();
        } catch (SlicekeepException | InterruptedIOException | FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot " + what + " in " + root + ": " + reason(e) + remedy(root, e), e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "permission denied for " + denied.getFile();
        }
        if (e instanceof FileSystemException file) {
            String reason = file.getReason();
            return reason == null ? e.getClass().getSimpleName() + " " + file.getFile() : reason;
        }
        return String.valueOf(e.getMessage());
    }

    private static String remedy(Path root, IOException e) {
        if (e instanceof AccessDeniedException) {
            return "; check owner and mode of the directory";
        }
        try {
            FileStore disk = Files.getFileStore(root);
            if (disk.isReadOnly()) {
                return "; the file system is read-only: mount it for writing";
            }
            return disk.getUsableSpace() < FULL_BYTES ? "; the disk is full: free some space or add a larger one" : "";
        } catch (IOException unknown) {
            return "; is the disk still mounted?";
        }
    }
}
