package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;
import java.util.Map;

/**
 * Slices blobs over n sites and rebuilds them from any k; knows nothing of keys. Thread-safe. Implemented by the erasure
 * module, used by records and objects.
 */
public interface Dispersal {
    /**
     * Returns the code for k and m, made once.
     *
     * @param dataCells k
     * @param parityCells m
     * @return the code
     */
    ErasureCode code(int dataCells, int parityCells);

    /**
     * Starts a blob of unknown length. Memory is a few stripes, whatever the length.
     *
     * @param spread where it goes
     * @return a sink, to be closed by the caller
     * @throws IOException if fewer than W sites take it
     */
    DispersedSink create(Spread spread) throws IOException;

    /**
     * Opens a blob from any k of its slices. Reads start with k sites; a site that is away, lacks its slice or returns
     * bytes whose checksum is wrong is replaced by another.
     *
     * @param spread where it lies
     * @param lengthBytes its true length, as its head says
     * @return a source; reading fails with {@link io.slicekeep.error.TooFewSlicesException} naming the sites
     * @throws IOException if too few slices can be opened
     */
    BlobSource open(Spread spread, long lengthBytes) throws IOException;

    /**
     * Reads every slice of a blob, block by block up to the first bad one, checks that the slices agree with each other, and
     * changes nothing.
     *
     * @param spread where it lies
     * @param lengthBytes its true length, as its head says
     * @return for each site whose slice is not whole, why: {@link io.slicekeep.error.BlobNotFoundException} if it is missing,
     *     {@link io.slicekeep.error.IntegrityException} or {@link io.slicekeep.error.FormatException} if it is rotten, of
     *     something else, of an older epoch or contradicts the others, else what keeps it out of reach; empty if all n are whole
     * @throws IOException if the thread is interrupted
     */
    Map<Integer, IOException> inspect(Spread spread, long lengthBytes) throws IOException;
}
