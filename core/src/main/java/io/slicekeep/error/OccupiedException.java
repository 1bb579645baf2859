package io.slicekeep.error;

/** A store that should become a site is one already, or holds other things. Trying again does not help; another store does. */
public class OccupiedException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which store, what it holds, and the remedy
     */
    public OccupiedException(String message) {
        super(message);
    }
}
