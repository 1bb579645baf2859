package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

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
     * Starts a blob that others may be putting too, the same bytes in the same place: a slice that stands there already is left as it
     * is, and what became visible is not taken back if the write fails.
     *
     * @param spread where it goes
     * @return a sink, to be closed by the caller
     * @throws IOException if fewer than W sites take it
     */
    DispersedSink createShared(Spread spread) throws IOException;

    /**
     * Opens a blob for those who can tell what is right, to be read once from its beginning to its end. What is read are the very
     * bytes that the judge found right.
     *
     * @param spread where it lies
     * @param lengthBytes its true length, as its head says
     * @param judge tells which bytes are right
     * @return a source; reading fails as {@link #rebuild} does
     */
    BlobSource openProven(Spread spread, long lengthBytes, Doubt.Judge judge);

    /**
     * Opens a blob from any k of its slices. Reads start with k sites, near and fast ones rather than slow ones; a
     * site that is away, late, lacks its slice or returns bytes whose checksum is wrong is replaced by another.
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
     *     something else, of an older epoch or contradicts the others, else what keeps it out of reach; empty if all are whole
     * @throws IOException if the thread is interrupted
     */
    Map<Integer, IOException> inspect(Spread spread, long lengthBytes) throws IOException;

    /**
     * Inspects as {@link #inspect(Spread, long)}, for those who can tell which of contradicting slices are wrong, until it is known
     * of each suspect what is wrong with its slice, or that nothing is.
     *
     * @param spread where it lies
     * @param lengthBytes its true length, as its head says
     * @param suspects the indexes of the sites that it is about
     * @param judge tells which bytes are right
     * @return for each suspect whose slice is not whole, why, and for others where something was found on the way
     * @throws IOException if the thread is interrupted or the judge cannot tell
     */
    Map<Integer, IOException> inspect(Spread spread, long lengthBytes, Set<Integer> suspects, Doubt.Judge judge)
            throws IOException;

    /**
     * Finds the sites whose slices are wrong though their checksums are right, in the stripes that hold a range: decodes these from
     * one k of the slices after another, a bounded number of times, until the judge says that all is right. Sites that do not answer
     * are not judged.
     *
     * @param spread where the blob lies
     * @param lengthBytes its true length, as its head says
     * @param doubt the range, and who can tell
     * @return for each site whose slice is wrong there, what was found; empty if all that is at hand now is right
     * @throws io.slicekeep.error.IntegrityException if no k right slices were found
     * @throws IOException if the judge cannot tell
     */
    Map<Integer, IOException> blame(Spread spread, long lengthBytes, Doubt doubt) throws IOException;

    /**
     * Reads one slice, all of it up to the first bad block, and checks it by its checksums.
     *
     * @param spread where the blob lies
     * @param lengthBytes its true length
     * @param siteIndex the site
     * @param meter is told of each part before it is read, and may wait; runs on the calling thread
     * @throws io.slicekeep.error.BlobNotFoundException if it is missing
     * @throws io.slicekeep.error.IntegrityException if it is rotten or of something else
     * @throws io.slicekeep.error.FormatException if it is no slice
     * @throws IOException if it cannot be read
     */
    void check(Spread spread, long lengthBytes, int siteIndex, Meter meter) throws IOException;

    /** Watches, and slows down, what is read. */
    @FunctionalInterface
    interface Meter {
        /**
         * Something will be read.
         *
         * @param bytes how much
         * @throws IOException ends the work
         */
        void reads(long bytes) throws IOException;
    }

    /**
     * Rebuilds the slices of some sites, byte for byte, for those who can tell what is right: a stripe at a time for all of them,
     * from k cells that the judge finds right. They are read once, and what is written follows from these, so no lie is copied.
     *
     * @param spread where the blob lies
     * @param lengthBytes its true length, as its head says
     * @param lacking the indexes of the sites. A slice that stands there all the same, since another has rebuilt it, is left there
     * @param judge tells which bytes are right
     * @return for each of these sites that does not have its slice now, why
     * @throws io.slicekeep.error.TooFewSlicesException if fewer than k cells of a stripe can be read
     * @throws io.slicekeep.error.IntegrityException if no k of them are right
     * @throws IOException if the judge cannot tell, or none of the sites takes its slice
     */
    Map<Integer, IOException> rebuild(Spread spread, long lengthBytes, Set<Integer> lacking, Doubt.Judge judge)
            throws IOException;

    /**
     * Rebuilds the slices of some sites as {@link #rebuild} does, for those who cannot decrypt: each stripe from k + 2f cells, of
     * which k + f agree with each other; what is written follows from these. If in any stripe they do not, nothing is written.
     *
     * @param spread where the blob lies
     * @param lengthBytes its true length
     * @param lacking the indexes of the sites, as for {@link #rebuild}
     * @return for each of these sites that does not have its slice now, why
     * @throws io.slicekeep.error.TooFewSlicesException if there are fewer than k + 2f other cells
     * @throws io.slicekeep.error.IntegrityException if they do not agree
     * @throws IOException if none of the sites takes its slice
     */
    Map<Integer, IOException> restore(Spread spread, long lengthBytes, Set<Integer> lacking) throws IOException;
}
