package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobSink;
import java.io.IOException;
import java.util.Map;

/**
 * Slices a blob onto n sites while it is written. A site that fails is left out and the write goes on, as long as at least
 * W sites remain; then {@link #write} fails with {@link io.slicekeep.error.UnavailableException}.
 */
public interface DispersedSink extends BlobSink {
    /**
     * Makes the slices visible on at least W sites, waiting a little for all n.
     *
     * @throws io.slicekeep.error.UnavailableException if fewer than W sites hold their slice; slices that became visible
     *     are deleted as far as their sites answer, the others are garbage for the collector
     */
    @Override
    void commit() throws IOException;

    /**
     * Returns the sites that do not hold their slice, after {@link #commit()}.
     *
     * @return index to reason; empty if all n hold theirs
     */
    Map<Integer, IOException> failures();
}
