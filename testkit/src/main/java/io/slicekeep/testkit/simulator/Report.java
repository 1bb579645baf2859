package io.slicekeep.testkit.simulator;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run was. Immutable. */
public final class Report {
    private final long seed;
    private final Tally tally;
    private final long fingerprint;
    private final List<String> journal;
    private final List<Piece> pieces;
    private final @Nullable Violation violation;

    Report(Run run, Journal journal, List<Piece> pieces, @Nullable Violation violation) {
        this.seed = run.seed();
        this.tally = run.tally();
        this.fingerprint = journal.fingerprint();
        this.journal = List.copyOf(journal.lines());
        this.pieces = List.copyOf(pieces);
        this.violation = violation;
    }

    /**
     * Returns what decided it.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * Returns what happened, counted.
     *
     * @return the counts of this run
     */
    public Tally tally() {
        return tally;
    }

    /**
     * Returns the fingerprint of all that happened, in order and with its time.
     *
     * @return the same for every run of a seed
     */
    public long fingerprint() {
        return fingerprint;
    }

    /**
     * Returns what happened, in words.
     *
     * @return one line per event; empty unless the run was asked to explain itself
     */
    public List<String> journal() {
        return journal;
    }

    /**
     * Returns the first broken promise.
     *
     * @return empty if all were kept
     */
    public Optional<Violation> violation() {
        return Optional.ofNullable(violation);
    }

    /** What the run was made of, the larger parts first. */
    List<Piece> pieces() {
        return pieces;
    }
}
