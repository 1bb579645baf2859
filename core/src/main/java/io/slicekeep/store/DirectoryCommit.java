package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.OutcomeUnknownException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes synced temporary files into blobs: visible once, durable when it returns. Thread-safe. */
final class DirectoryCommit {
    /** How often directories may be removed under our hands before we give up; each time somebody else got on. */
    private static final int MOST_ATTEMPTS = 1000;

    private static final Logger LOG = System.getLogger(DirectoryCommit.class.getName());

    private final FileLayer files;
    private final DirectoryLayout layout;
    private final DirectorySyncs syncs;
    private final Exclusive exclusive;

    DirectoryCommit(FileLayer files, StoreRoot root, DirectorySyncs syncs) {
        this.files = files;
        this.layout = root.layout();
        this.syncs = syncs;
        this.exclusive = Exclusive.by(root.commit(), files, layout);
    }

    Path root() {
        return layout.root();
    }

    void commit(Path temporary, BlobKey key) throws IOException {
        Path target = layout.file(key);
        try {
            moveMakingDirectories(temporary, target, layout.directoryOf(key));
        } catch (FileAlreadyExistsException e) {
            throw exists(key, e);
        }
        try {
            syncs.afterChange(layout.directoryOf(key));
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    "blob " + key + " stands in " + layout.root() + ", but its directory could not be synced", e);
        }
    }

    void requireAbsent(BlobKey key) throws IOException {
        if (files.length(layout.file(key)).isPresent()) {
            throw exists(key, null);
        }
    }

    /** Who is told that a blob exists may count on it, so it has to be durable by then, whoever wrote it. */
    private BlobExistsException exists(BlobKey key, @Nullable IOException cause) throws IOException {
        syncs.beforeAnswerFrom(List.of(layout.directoryOf(key)));
        return new BlobExistsException("blob " + key + " already exists in " + layout.root(), cause);
    }

    private void moveMakingDirectories(Path temporary, Path target, Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                exclusive.move(temporary, target);
                return;
            } catch (NoSuchFileException e) {
                if (files.length(temporary).isEmpty()) {
                    throw new NoSuchFileException(
                            temporary.toString(), null, "the temporary file was removed before the blob was committed");
                }
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                makeDirectories(directory);
            }
        }
    }

    /** Directories made here are synced with the blob; if one vanishes meanwhile, the next attempt makes it again. */
    private void makeDirectories(Path directory) throws IOException {
        List<Path> missing = layout.belowRoot(directory);
        Collections.reverse(missing);
        for (Path next : missing) {
            try {
                files.createDirectory(next);
            } catch (FileAlreadyExistsException e) {
                // It stood there, or somebody else was faster.
            } catch (NoSuchFileException e) {
                return; // Somebody removed the one above.
            }
        }
    }

    /** Deletes a temporary file. One that stays is no blob, so this must not make a finished commit look failed. */
    void discard(Path temporary) {
        try {
            files.delete(temporary);
        } catch (NoSuchFileException e) {
            LOG.log(Level.TRACE, "renamed by the commit, or purged", e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the temporary file " + temporary + " remains", e);
        }
    }
}
