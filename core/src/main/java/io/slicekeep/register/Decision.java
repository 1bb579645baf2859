package io.slicekeep.register;

import io.slicekeep.record.Means;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Puts one value at all sites and finds out whether it is decided: whether Q of them, listed after it stood there, show no
 * higher ballot. Then whatever is below a floor is deleted where it stands. One object per value, confined to one thread.
 */
final class Decision {
    /** Puts the value's blob at a site. */
    interface Put {
        void at(Site site) throws IOException;
    }

    private final Poll poll;
    private final RegisterBlobs blobs;
    private final RegisterKey key;
    private final Ballot floor;
    private final Means means;
    private final AtomicBoolean decided = new AtomicBoolean();

    Decision(Poll poll, RegisterBlobs blobs, RegisterKey key, Ballot floor, Means means) {
        this.poll = poll;
        this.blobs = blobs;
        this.key = key;
        this.floor = floor;
        this.means = means;
    }

    /** Returns the sites that do not hold it if it is decided, or throws as {@link Agreement.Round#decide} says. */
    Map<String, String> make(Put put, String what, Agreement.Reach reach, Deadline deadline) throws IOException {
        boolean all = reach == Agreement.Reach.ALL;
        if (all) {
            poll.waiting(means.timing().patience().settleTime());
        }
        Optional<Boolean> verdict = poll.run(site -> putAt(site, put), Poll.Rest.GOES_ON, () -> judge(all), deadline);
        if (verdict.isEmpty()) {
            poll.requireNoneAbove(key.ballot());
            poll.requireDecided(what);
        }
        decided.set(true);
        deleteBehind();
        return poll.missing();
    }

    /** A site that is slower than the decision cleans up by itself. */
    private List<RegisterKey> putAt(Site site, Put put) throws IOException {
        put.at(site);
        List<RegisterKey> listed = blobs.listAfter(key, site.store());
        if (decided.get()) {
            blobs.deleteBelow(floor, listed, site.store());
        }
        return listed;
    }

    /** Tells when there is nothing more to wait for. */
    private Optional<Boolean> judge(boolean all) throws ContendedException {
        poll.requireNoneAbove(key.ballot());
        return poll.hasQuorum() && !all ? Optional.of(true) : Optional.empty();
    }

    /** What cannot be deleted, the next decision deletes. */
    private void deleteBehind() {
        try (TaskGroup<Boolean> group = means.tasks().group()) {
            for (SiteAnswer answer : poll.answers()) {
                group.fork(answer.site().index(), () -> {
                    blobs.deleteBelow(floor, answer.keys(), answer.site().store());
                    return true;
                });
            }
            group.abandon();
        }
    }
}
