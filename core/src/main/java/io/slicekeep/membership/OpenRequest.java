package io.slicekeep.membership;

import io.slicekeep.key.KeyRing;
import io.slicekeep.task.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which keep to open, and how. Immutable.
 *
 * @param keepId what the keep file says; empty to take the one keep that the sites show
 * @param leastEpoch the highest epoch seen before; a lower one is refused
 * @param candidates the stores that are said to be its sites
 * @param keys providers, not closed
 * @param tasks where to wait
 * @param patience how long to wait for the last site
 */
public record OpenRequest(
        Optional<KeepId> keepId,
        long leastEpoch,
        List<Candidate> candidates,
        KeyRing keys,
        Tasks tasks,
        Duration patience) {
    /** Copies the candidates. */
    public OpenRequest {
        candidates = List.copyOf(candidates);
    }
}
