package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.task.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What stores show that are said to be sites, before it is believed, and which of them are out of the question. Immutable. */
final class Survey {
    /** What nobody has looked at. */
    static final Survey NOTHING = new Survey(List.of(), Map.of());

    private final List<Glimpse> opened;
    private final Map<Candidate, String> reasons;

    private Survey(List<Glimpse> opened, Map<Candidate, String> reasons) {
        this.opened = List.copyOf(opened);
        this.reasons = reasons;
    }

    /** Looks at further candidates, all at once; one that was looked at in vain before is looked at anew. */
    Survey and(List<Candidate> candidates, Everywhere everywhere) throws IOException {
        List<Glimpse> all = new ArrayList<>(opened);
        Map<Candidate, String> why = new LinkedHashMap<>(reasons);
        candidates.forEach(again -> why.keySet().removeIf(again::isSamePlace));
        for (Outcome<Glimpse> outcome : everywhere.call(candidates, Glimpse::of)) {
            IOException failure = outcome.failure();
            if (failure == null) {
                all.add(outcome.get());
            } else {
                why.put(candidates.get(outcome.index()), reason(failure));
            }
        }
        return new Survey(all, why);
    }

    /** Leaves out the stores that a check has something against, and keeps them open. */
    Survey rejecting(Check check) {
        Map<Candidate, String> why = new LinkedHashMap<>(reasons);
        for (Glimpse glimpse : found()) {
            String reason = check.reason(glimpse);
            if (!reason.isEmpty()) {
                why.put(glimpse.candidate(), reason);
            }
        }
        return new Survey(opened, why);
    }

    /** Forgets what stores are said to be able to, where somebody else than the keep said it. */
    Survey trusting(SecretBytes identityKey) {
        return new Survey(
                opened.stream().map(glimpse -> glimpse.trusting(identityKey)).toList(), reasons);
    }

    /** Leaves out the stores of other keeps. */
    Survey of(KeepId keepId) {
        return rejecting(glimpse -> {
            KeepId actual = glimpse.identity().keepId();
            return actual.equals(keepId)
                    ? ""
                    : "it is a site of another keep, " + actual + "; mount the right one or correct the path";
        });
    }

    /** Returns the stores that show an identity and were not left out. */
    List<Glimpse> found() {
        return opened.stream()
                .filter(glimpse -> !reasons.containsKey(glimpse.candidate()))
                .toList();
    }

    /** Leaves only the stores of a configuration's members; not that of one that is coming, nor of those who have left. */
    Survey membersOf(Roster roster) {
        List<BlobStore> members = roster.standings().stream()
                .filter(Standing::present)
                .map(Standing::store)
                .toList();
        return rejecting(glimpse -> members.contains(glimpse.store()) ? "" : "it is no member");
    }

    /** Returns why the other candidates are not used. */
    Map<Candidate, String> reasons() {
        return Map.copyOf(reasons);
    }

    /** Tells whether more than so many stores show these keys. */
    boolean showMoreThan(int few, WrappedKeys keys) {
        return found().stream().filter(glimpse -> glimpse.keys().contains(keys)).count() > few;
    }

    /** Returns the different keys that are shown, newest first. */
    List<WrappedKeys> keys(KeepId keepId) {
        return found().stream()
                .flatMap(glimpse -> glimpse.keys().stream())
                .filter(keys -> keys.keepId().equals(keepId))
                .distinct()
                .sorted(Comparator.comparingLong(WrappedKeys::generation).reversed())
                .toList();
    }

    /** Returns the different configurations that pass a check, newest first. */
    List<Configuration> configurations(Predicate<Stored<Configuration>> check) {
        return found().stream()
                .flatMap(glimpse -> glimpse.configurations().stream())
                .filter(check)
                .map(Stored::value)
                .distinct()
                .sorted(Comparator.comparingLong(Configuration::epoch).reversed())
                .toList();
    }

    /** Returns one line per candidate that is not used. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        reasons.forEach((candidate, reason) -> problems.add(candidate + ": " + reason));
        return problems;
    }

    /** Returns all stores that were opened, those that were left out too. */
    List<BlobStore> stores() {
        return opened.stream().map(Glimpse::store).toList();
    }

    /** Closes the stores that were opened, but for those that another survey has too. */
    void closeBut(Survey other) throws IOException {
        List<BlobStore> kept = other.stores();
        closeAll(stores().stream().filter(store -> !kept.contains(store)).toList());
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

    /** Finds what speaks against a store. */
    interface Check {
        /** Returns the reason, with the remedy; nothing if there is none. */
        String reason(Glimpse glimpse);
    }
}
