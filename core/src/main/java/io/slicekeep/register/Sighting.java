package io.slicekeep.register;

/**
 * What a look at a register found, without making its sites agree. Immutable.
 *
 * @param state the newest value that any site serves
 * @param grade how sure that is
 */
public record Sighting(State state, Grade grade) {
    /** How sure it is. */
    public enum Grade {
        /** It is what the register holds. */
        DECIDED,
        /** Enough sites answered, but they do not agree yet: it may be what the register will hold. */
        UNDECIDED,
        /** Too few sites answered: the register may hold something newer. */
        POSSIBLY_STALE
    }
}
