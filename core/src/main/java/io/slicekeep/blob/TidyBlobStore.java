package io.slicekeep.blob;

import java.io.IOException;
import java.util.Set;

/**
 * A store that can tell and end writes that were begun and not committed: temporary files, multipart uploads. Whoever purges
 * relies on their never being committed afterwards.
 */
public interface TidyBlobStore extends BlobStore {
    /**
     * Returns the writes of some keys that are under way, or were left by processes that stopped.
     *
     * @param prefix what the keys begin with; of one that is longer than 200 characters only those may count
     * @return names that are never used again
     * @throws IOException if they cannot be told
     */
    Set<String> unfinished(KeyPrefix prefix) throws IOException;

    /**
     * Ends a write, durably: it takes no space any more, and committing it fails. A write that has been committed meanwhile
     * stays; one that is gone is no error.
     *
     * @param name from {@link #unfinished}
     * @throws IOException if it cannot be ended
     */
    void endUnfinished(String name) throws IOException;
}
