package io.slicekeep.register;

import io.slicekeep.dispersal.Quorums;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Means;
import io.slicekeep.record.Reasons;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Asks all sites one thing, and judges their answers as they come. When a quorum has answered and that does not settle it, the
 * others are waited for a little. One object per question, confined to one thread.
 */
final class Poll {
    /** What each site is asked, possibly after something was put there. */
    interface Question {
        List<RegisterKey> ask(Site site) throws IOException;
    }

    /** Looks at the answers so far: empty if more are needed. */
    interface Judge<T> {
        Optional<T> judge() throws IOException;
    }

    /** What becomes of the sites that have not answered when it is settled. */
    enum Rest {
        STOPS,
        GOES_ON
    }

    private final List<Site> sites;
    private final Quorums quorums;
    private final Means means;
    private Duration rest;
    private final Map<Integer, SiteAnswer> answers = new TreeMap<>();
    private final Map<Integer, IOException> failures = new HashMap<>();

    Poll(List<Site> sites, Quorums quorums, Means means) {
        this.sites = sites;
        this.quorums = quorums;
        this.means = means;
        this.rest = means.timing().patience().hedgeDelay();
    }

    /** Waits for so long for the others when a quorum has answered. */
    Poll waiting(Duration forTheRest) {
        rest = forTheRest;
        return this;
    }

    /** Asks until it is settled, or all have answered, or it took too long: then nothing is returned. */
    <T> Optional<T> run(Question question, Rest rest, Judge<T> judge, Deadline deadline) throws IOException {
        try (TaskGroup<List<RegisterKey>> group = means.tasks().group()) {
            for (Site site : sites) {
                group.fork(site.index(), () -> question.ask(site));
            }
            Optional<T> verdict = await(group, judge, deadline);
            takeWhatHasCome(group);
            if (rest == Rest.GOES_ON) {
                group.abandon();
            }
            return verdict;
        }
    }

    private <T> Optional<T> await(TaskGroup<List<RegisterKey>> group, Judge<T> judge, Deadline deadline)
            throws IOException {
        Deadline patience = deadline;
        Optional<T> verdict = Optional.empty();
        while (verdict.isEmpty()) {
            Outcome<List<RegisterKey>> outcome = group.next(patience);
            if (outcome == null) {
                break;
            }
            add(outcome);
            verdict = judge.judge();
            if (hasQuorum() && patience.equals(deadline)) {
                patience = within(rest, deadline);
            }
        }
        return verdict;
    }

    private void takeWhatHasCome(TaskGroup<List<RegisterKey>> group) throws IOException {
        Deadline now = means.tasks().deadline(Duration.ZERO);
        Outcome<List<RegisterKey>> outcome = group.next(now);
        while (outcome != null) {
            add(outcome);
            outcome = group.next(now);
        }
    }

    private void add(Outcome<List<RegisterKey>> outcome) throws IOException {
        IOException failure = outcome.failure();
        if (failure == null) {
            answers.put(outcome.index(), new SiteAnswer(sites.get(outcome.index()), outcome.get()));
        } else {
            failures.put(outcome.index(), failure);
        }
    }

    boolean hasQuorum() {
        return quorums.decided(answers.keySet());
    }

    List<SiteAnswer> answers() {
        return List.copyOf(answers.values());
    }

    /** Tells whether Q sites answered so. */
    boolean decided(Predicate<SiteAnswer> answer) {
        return quorums.decided(sitesWhere(answer));
    }

    /** Tells whether so many sites lack a key that it was not decided. */
    boolean undecided(RegisterKey key) {
        return quorums.undecided(sitesWhere(answer -> !answer.keys().contains(key)));
    }

    private List<Integer> sitesWhere(Predicate<SiteAnswer> predicate) {
        return answers.values().stream()
                .filter(predicate)
                .map(answer -> answer.site().index())
                .toList();
    }

    /** Returns all values that any site shows, the newest first. */
    List<RegisterKey> values() {
        return answers.values().stream()
                .flatMap(answer -> answer.keys().stream())
                .filter(key -> key.phase() != Phase.BID)
                .distinct()
                .sorted(Comparator.comparing(RegisterKey::ballot).reversed())
                .toList();
    }

    /** Requires that no site shows a higher ballot. */
    void requireNoneAbove(Ballot ballot) throws ContendedException {
        for (SiteAnswer answer : answers.values()) {
            Optional<Ballot> highest = answer.highest();
            if (highest.isPresent() && highest.get().isAbove(ballot)) {
                throw new ContendedException(
                        "ballot " + highest.get() + " was seen", highest.get().number());
            }
        }
    }

    /** Reads a value from the sites that show it, one after the other until one serves it; empty if none does. */
    Optional<Contents> fetch(RegisterKey key, RegisterBlobs blobs, Deadline deadline) throws IOException {
        try (TaskGroup<Contents> group = means.tasks().group()) {
            for (SiteAnswer answer : answers.values()) {
                if (answer.keys().contains(key)) {
                    Site site = answer.site();
                    group.fork(site.index(), () -> blobs.read(site.store(), key));
                    Outcome<Contents> outcome = group.next(hedged(deadline));
                    if (outcome != null && outcome.succeeded()) {
                        return Optional.of(outcome.get());
                    }
                }
            }
            Outcome<Contents> late = group.next(deadline);
            while (late != null && !late.succeeded()) {
                late = group.next(deadline);
            }
            return late == null ? Optional.empty() : Optional.of(late.get());
        }
    }

    /** Requires that any site answered. */
    void requireAny(String what) throws IOException {
        if (answers.isEmpty()) {
            throw new UnavailableException(what + ": " + tooFew());
        }
    }

    /** Requires that a quorum answered. */
    void requireQuorum(String what) throws IOException {
        if (!hasQuorum()) {
            throw new UnavailableException(what + ": " + tooFew());
        }
    }

    /** Requires that what was put is decided. */
    void requireDecided(String what) throws IOException {
        if (!hasQuorum()) {
            throw undecided(what);
        }
    }

    private IOException undecided(String what) {
        for (IOException failure : failures.values()) {
            if (failure instanceof ContendedException) {
                return failure;
            }
        }
        boolean mayStand = answers.size() + failures.size() < sites.size()
                || !answers.isEmpty()
                || failures.values().stream().anyMatch(OutcomeUnknownException.class::isInstance);
        String message = what + " was not decided: " + tooFew();
        return mayStand ? new OutcomeUnknownException(message) : new UnavailableException(message);
    }

    /** Returns the sites that have not answered, and why, as far as is known. */
    Map<String, String> missing() {
        Map<String, String> reasons = new TreeMap<>();
        for (Site site : sites) {
            if (!answers.containsKey(site.index())) {
                reasons.put(site.name(), Reasons.of(failures.get(site.index())));
            }
        }
        return reasons;
    }

    private String tooFew() {
        return answers.size() + " of " + sites.size() + " sites answered, " + quorums.deciders() + " must: "
                + Reasons.joined(missing());
    }

    private Deadline hedged(Deadline deadline) {
        return within(means.timing().patience().hedgeDelay(), deadline);
    }

    private Deadline within(Duration time, Deadline deadline) {
        Deadline earlier = means.tasks().deadline(time);
        return earlier.atNanos() < deadline.atNanos() ? earlier : deadline;
    }
}
