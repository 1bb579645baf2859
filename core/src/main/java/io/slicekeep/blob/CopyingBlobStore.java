package io.slicekeep.blob;

import java.io.IOException;

/** A store that can copy a blob by itself, so that no byte travels: a hard link, a server-side copy. */
public interface CopyingBlobStore extends BlobStore {
    /**
     * Copies a blob under a new key, whole and durable when this returns, or not at all.
     *
     * @param from where it stands
     * @param to a key that never had a blob
     * @throws io.slicekeep.error.BlobNotFoundException if nothing stands at {@code from}
     * @throws io.slicekeep.error.BlobExistsException if a blob stands at {@code to}
     * @throws IOException if it cannot be copied
     */
    void copy(BlobKey from, BlobKey to) throws IOException;
}
