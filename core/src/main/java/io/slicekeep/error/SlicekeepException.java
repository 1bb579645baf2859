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
}
