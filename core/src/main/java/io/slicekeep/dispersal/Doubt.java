package io.slicekeep.dispersal;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;

/**
 * A range of a blob whose bytes cannot be what was sealed though all checksums are right, and who can tell. Immutable.
 *
 * @param fromOffset where the range begins in the blob
 * @param toOffset where it ends, after {@code fromOffset} and not after the blob
 * @param judge tells which bytes are right
 */
public record Doubt(long fromOffset, long toOffset, Judge judge) {
    /** Checks that the range is not empty. */
    public Doubt {
        if (fromOffset < 0 || toOffset <= fromOffset) {
            throw new IllegalArgumentException(
                    "a range must not be empty: fromOffset=" + fromOffset + " toOffset=" + toOffset);
        }
    }

    /** Tells whether bytes are what was sealed: what those who slice cannot, since they know no keys. */
    @FunctionalInterface
    public interface Judge {
        /**
         * Checks all that was sealed together with any byte of a range. Returns only if every byte of the range is right.
         *
         * @param blob the whole blob as some sites tell it, to be read during the call only
         * @param fromOffset where the range begins
         * @param toOffset where it ends
         * @throws io.slicekeep.error.IntegrityException if a byte is not what was sealed
         * @throws io.slicekeep.error.FormatException if the blob does not begin as it must
         * @throws IOException if it cannot be told
         */
        void require(BlobSource blob, long fromOffset, long toOffset) throws IOException;
    }
}
