package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.task.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What all candidates show, before any key is used. Closing it closes the stores that were found. Confined to one thread.
 */
final class Survey implements AutoCloseable {
    private final List<Glimpse> found = new ArrayList<>();
    private final Map<Candidate, String> reasons = new LinkedHashMap<>();

    /** Looks at all candidates at once. */
    static Survey of(List<Candidate> candidates, Everywhere everywhere) throws IOException {
        Survey survey = new Survey();
        List<Outcome<Glimpse>> outcomes = everywhere.call(candidates, Glimpse::of);
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome<Glimpse> outcome = outcomes.get(i);
            IOException failure = outcome.failure();
            if (failure == null) {
                survey.found.add(outcome.get());
            } else {
                survey.reasons.put(candidates.get(i), reason(failure));
            }
        }
        return survey;
    }

    /** Returns the stores that show an identity. */
    List<Glimpse> found() {
        return List.copyOf(found);
    }

    /** Returns why the other candidates are not used. */
    Map<Candidate, String> reasons() {
        return reasons;
    }

    /** Leaves out a store, for this reason. */
    void reject(Glimpse glimpse, String reason) throws IOException {
        if (found.remove(glimpse)) {
            glimpse.store().close();
            reasons.put(glimpse.candidate(), reason);
        }
    }

    /** Leaves out the stores of other keeps. */
    void keepOnly(KeepId keepId) throws IOException {
        for (Glimpse glimpse : found()) {
            KeepId actual = glimpse.identity().keepId();
            if (!actual.equals(keepId)) {
                reject(
                        glimpse,
                        "it is a site of another keep, " + actual + "; mount the right one or correct the path");
            }
        }
    }

    /** Returns the different keys that are shown, newest first. */
    List<WrappedKeys> keys(KeepId keepId) {
        return found.stream()
                .flatMap(glimpse -> glimpse.keys().stream())
                .filter(keys -> keys.keepId().equals(keepId))
                .distinct()
                .sorted(Comparator.comparingLong(WrappedKeys::generation).reversed())
                .toList();
    }

    /** Returns the newest configuration that passes a check. */
    Optional<Configuration> newestConfiguration(Predicate<Stored<Configuration>> check) {
        return found.stream()
                .flatMap(glimpse -> glimpse.configurations().stream())
                .filter(stored -> check.test(stored))
                .map(Stored::value)
                .max(Comparator.comparingLong(Configuration::epoch));
    }

    /** Returns one line per candidate that is not used. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        reasons.forEach((candidate, reason) -> problems.add(
                candidate
                                .name()
                                .map(name -> name + " (" + candidate.address() + ")")
                                .orElse(candidate.address()) + ": " + reason));
        return problems;
    }

    @Override
    public void close() throws IOException {
        closeAll(found.stream().map(Glimpse::store).toList());
    }

    static void closeAll(List<BlobStore> stores) throws IOException {
        IOException failure = null;
        for (BlobStore store : stores) {
            try {
                store.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
