package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.record.Means;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which keep is looked for, and where. Immutable.
 *
 * @param keepId what the keep file says; empty to take the one keep that the sites show
 * @param candidates the stores that are said to be its sites
 * @param locator opens sites that no candidate is, at the addresses that the configuration has
 * @param means tasks, randomness and time limits
 * @param patience how long to wait for the last site
 */
public record Search(
        Optional<KeepId> keepId, List<Candidate> candidates, Locator locator, Means means, Duration patience) {
    /** Copies the candidates. */
    public Search {
        candidates = List.copyOf(candidates);
    }

    Everywhere everywhere() {
        return new Everywhere(means.tasks(), patience);
    }

    Survey survey() throws IOException {
        return Survey.NOTHING.and(candidates, everywhere());
    }

    /** Opens the store at an address. Thread-safe. */
    @FunctionalInterface
    public interface Locator {
        /**
         * Opens a store.
         *
         * @param address where a site was when it joined
         * @return the store, to be closed by the caller
         * @throws IOException if it is out of reach or no store, saying what to do
         */
        BlobStore open(String address) throws IOException;
    }
}
