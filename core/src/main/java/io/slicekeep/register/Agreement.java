package io.slicekeep.register;

import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** How it is decided, ballot by ballot, what one register holds. Thread-safe. */
interface Agreement {
    /** A ballot that is open: until it is decided, or a higher one is opened, nobody decides anything else. */
    interface Round {
        /** Returns the ballot. */
        Ballot ballot();

        /** Returns the value that the next one must be made of. */
        Contents current();

        /**
         * Has a value decided. Returns if it is, and stands as far as asked.
         *
         * @return the sites that do not hold it, as far as is known, and why
         * @throws ContendedException if a higher ballot was seen, or other sites decide by now: it may be decided, or become so
         * @throws io.slicekeep.error.OutcomeUnknownException the same, since too few answered
         * @throws io.slicekeep.error.UnavailableException if it stands nowhere and never will
         */
        Map<String, String> decide(Contents contents, Reach reach, Deadline deadline) throws IOException;
    }

    /** How far a decision goes before it returns. */
    enum Reach {
        /** A quorum holds it. */
        QUORUM,
        /** All sites hold it that answer in a little while. */
        ALL
    }

    /** Returns what is decided, if a look tells; else a round must. */
    Optional<Contents> settled(Deadline deadline) throws IOException;

    /** Returns the newest value that any site shows and serves, and how sure that is. Nothing is decided. */
    Sighting sight(Deadline deadline) throws IOException;

    /**
     * Opens a ballot.
     *
     * @param above what its number must be above
     * @param witness is shown all values
     * @throws ContendedException if a higher one was seen, or other sites decide by now
     */
    Round open(long above, Witness witness, Deadline deadline) throws IOException;
}
