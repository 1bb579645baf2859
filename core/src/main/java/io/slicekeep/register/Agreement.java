package io.slicekeep.register;

import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.util.Optional;

/** How it is decided, ballot by ballot, what one register holds. Thread-safe. */
interface Agreement {
    /**
     * A ballot that is open: until it is decided, or a higher one is opened, nobody decides anything else.
     *
     * @param ballot the ballot
     * @param current the value that the next one must be made of
     */
    record Round(Ballot ballot, Contents current) {}

    /** Returns what is decided, if a look tells; else a round must. */
    Optional<Contents> settled(Deadline deadline) throws IOException;

    /**
     * Opens a ballot.
     *
     * @param above what its number must be above
     * @throws ContendedException if a higher one was seen
     */
    Round open(long above, Deadline deadline) throws IOException;

    /**
     * Has a value decided. Returns if it is.
     *
     * @throws ContendedException if a higher ballot was seen: it may be decided, or become so
     * @throws io.slicekeep.error.OutcomeUnknownException the same, since too few answered
     * @throws io.slicekeep.error.UnavailableException if it stands nowhere and never will
     */
    void decide(Round round, Contents contents, Deadline deadline) throws IOException;
}
