package io.slicekeep.error;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failure that Slicekeep can name. It extends {@link IOException} because channels, streams and file systems can throw
 * nothing else. Messages name the blob, chunk, offset, site or key id concerned, and never plaintext or key bytes.
 */
public abstract class SlicekeepException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, on which thing, and the remedy where there is one
     * @param cause what lies beneath, or null
     */
    protected SlicekeepException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Tells whether a failure says that what is stored is missing or wrong. Else it is out of reach or was written by a newer
     * release, and may be as good as it was.
     *
     * @param failure of reading something
     * @return true if it is missing or wrong
     */
    public static boolean isDamage(IOException failure) {
        boolean corrupt = failure instanceof FormatException format && format.kind() != FormatException.Kind.TOO_NEW;
        return corrupt || failure instanceof IntegrityException || failure instanceof BlobNotFoundException;
    }
}
