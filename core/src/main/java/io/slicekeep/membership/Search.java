package io.slicekeep.membership;

import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which keep is looked for, and where. Immutable.
 *
 * @param keepId what the keep file says; empty to take the one keep that the sites show
 * @param candidates the stores that are said to be its sites
 * @param tasks where to wait
 * @param patience how long to wait for the last site
 */
public record Search(Optional<KeepId> keepId, List<Candidate> candidates, Tasks tasks, Duration patience) {
    /** Copies the candidates. */
    public Search {
        candidates = List.copyOf(candidates);
    }

    Survey survey() throws IOException {
        return Survey.of(candidates, new Everywhere(tasks, patience));
    }
}
