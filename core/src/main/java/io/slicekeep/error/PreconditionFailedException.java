package io.slicekeep.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A write's condition did not hold at the moment at which it would have taken effect, so it did not and never will. */
public class PreconditionFailedException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String found;

    /**
     * Creates the exception.
     *
     * @param message which condition, and of which object
     * @param found the ETag of the object that was there instead; empty if there was none
     */
    public PreconditionFailedException(String message, Optional<String> found) {
        super(message, null);
        this.found = found.orElse(null);
    }

    /**
     * Returns what was there.
     *
     * @return the object's ETag; empty if there was none
     */
    public Optional<String> found() {
        return Optional.ofNullable(found);
    }
}
