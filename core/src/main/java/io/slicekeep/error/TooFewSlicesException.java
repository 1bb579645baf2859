package io.slicekeep.error;

import java.util.List;

/** Fewer than k good slices of a blob could be read. {@link #missing()} says which sites lack theirs, and why. */
public class TooFewSlicesException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    private final int needed;
    private final int found;
    private final transient List<String> missing;

    /**
     * Creates the exception.
     *
     * @param blob what could not be read, for the message
     * @param needed k
     * @param found how many good slices there were
     * @param missing one line per site that gave none: "name: reason"
     */
    public TooFewSlicesException(String blob, int needed, int found, List<String> missing) {
        super(
                "too few slices of " + blob + ": needed " + needed + ", found " + found + "; missing at "
                        + String.join(", ", missing),
                null);
        this.needed = needed;
        this.found = found;
        this.missing = List.copyOf(missing);
    }

    /**
     * Returns how many slices rebuild the blob.
     *
     * @return k
     */
    public int needed() {
        return needed;
    }

    /**
     * Returns how many good slices were found.
     *
     * @return a number below {@link #needed()}
     */
    public int found() {
        return found;
    }

    /**
     * Returns the sites that gave no good slice.
     *
     * @return one "name: reason" per site
     */
    public List<String> missing() {
        return missing;
    }
}
