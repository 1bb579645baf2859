package io.slicekeep.blob;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A store that decides races: of all who create one key at a time, in any process, exactly one succeeds. Every store refuses a
 * key that stands; only this one promises that no two creations can overtake each other on the way. Some stores that promise
 * it break it, so it is to be proven by racing many writers before it is relied on.
 */
public interface ConditionalBlobStore extends BlobStore {
    /**
     * Creates a blob if its key is free. Stores whose every commit decides races need not override it.
     *
     * @param key where it shall stand
     * @param blob all of its bytes, from position to limit
     * @throws io.slicekeep.error.BlobExistsException if the key was taken, perhaps by this very call, repeated on the way
     * @throws io.slicekeep.error.OutcomeUnknownException if it may have become visible
     * @throws IOException if it did not become visible
     */
    default void createIfAbsent(BlobKey key, ByteBuffer blob) throws IOException {
        try (BlobSink sink = create(key)) {
            sink.write(blob);
            sink.commit();
        }
    }
}
