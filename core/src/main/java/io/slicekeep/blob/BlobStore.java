package io.slicekeep.blob;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A store of keyed, immutable, atomically committed blobs with an ordered listing: a directory, a bucket, memory, or
 * other stores beneath a decorator. Thread-safe; one store may be used by any number of threads and processes.
 *
 * <p>The contract, proven by {@code BlobStoreContract} in the testkit:
 *
 * <ul>
 *   <li>A blob becomes visible whole when {@link BlobSink#commit()} returns, durable, or not at all. A key never has two
 *       contents: committing a key that already stands fails with {@link io.slicekeep.error.BlobExistsException}.
 *   <li>Listing is strong: a commit that returned is in every listing that starts later, by any client. A listing is no
 *       snapshot of what changes while it runs.
 *   <li>A source that is open when its blob is deleted either goes on reading the old bytes or fails with
 *       {@link io.slicekeep.error.BlobNotFoundException}; it never returns other bytes.
 * </ul>
 */
public interface BlobStore extends Closeable {
    /**
     * Starts a blob. Nothing of it is visible before {@link BlobSink#commit()}.
     *
     * @param key where it shall stand; a key that never had a blob
     * @return a sink, to be closed by the caller
     * @throws io.slicekeep.error.BlobExistsException if a blob stands there already (may also be thrown by commit)
     * @throws IOException if the store cannot take it
     */
    BlobSink create(BlobKey key) throws IOException;

    /**
     * Opens a blob for random access.
     *
     * @param key where it stands
     * @return a source, to be closed by the caller
     * @throws io.slicekeep.error.BlobNotFoundException if nothing stands there
     * @throws IOException if it cannot be opened
     */
    BlobSource open(BlobKey key) throws IOException;

    /**
     * Deletes a blob, durably. Deleting what is not there succeeds.
     *
     * @param key where it stands
     * @throws IOException if the store cannot delete it
     */
    void delete(BlobKey key) throws IOException;

    /**
     * Lists keys in ascending bytewise order. A page costs the page plus, at most, one directory.
     *
     * @param prefix what every key listed begins with
     * @param after only keys greater than this one; null for the beginning. It need not begin with the prefix
     * @param limit the most keys wanted, at least 1; a store may return fewer with {@link Listing#more()} true
     * @return a page
     * @throws IOException if the store cannot list
     */
    Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException;

    /**
     * Releases what this object holds. Idempotent; the blobs stay. Use after close throws
     * {@code IllegalStateException("closed")}.
     */
    @Override
    void close() throws IOException;
}
