package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What all sites list beneath a prefix, merged and cut into groups of keys that belong together (docs/PROTOCOLS.md 5). The merge
 * never passes a site of which it does not know what comes next: else it would miss what only this site shows so far. A site that
 * fails on the way is left out from there on, while enough others answer. Confined to one thread.
 */
public final class MergedListing {
    private final List<Site> sites;
    private final Function<BlobKey, Optional<KeyPrefix>> groups;
    private final Wanted wanted;
    private final Means means;
    private final List<SiteCursor> cursors = new ArrayList<>();
    private final Map<String, String> failures = new TreeMap<>();

    /**
     * Stands before the first group.
     *
     * @param sites all sites
     * @param prefix what all keys begin with
     * @param groups tells what all keys of a key's group begin with; nothing for a key that is to be passed by
     * @param wanted which sites must answer
     * @param means tasks and time limits
     */
    public MergedListing(
            List<Site> sites,
            KeyPrefix prefix,
            Function<BlobKey, Optional<KeyPrefix>> groups,
            Wanted wanted,
            Means means) {
        this.sites = List.copyOf(sites);
        this.groups = groups;
        this.wanted = wanted;
        this.means = means;
        sites.forEach(site -> cursors.add(new SiteCursor(site, prefix)));
    }

    /**
     * Which sites must answer.
     *
     * @param enough tells whether these are, by their indexes
     * @param number how many are, as messages say it
     * @param purpose what for, as messages say it
     */
    public record Wanted(Predicate<Collection<Integer>> enough, String number, String purpose) {}

    /**
     * Keys that belong together.
     *
     * @param first one of them, which tells the group
     * @param keys by the index of each site that answers, in order; none at all if only a site listed any that failed since
     */
    public record Group(BlobKey first, Map<Integer, List<BlobKey>> keys) {}

    /**
     * Returns the next group.
     *
     * @return the group, or null at the end
     * @throws UnavailableException if too few sites still answer
     * @throws IOException if the listing cannot go on
     */
    public @Nullable Group next() throws IOException {
        cursors.forEach(SiteCursor::begin);
        while (true) {
            fill();
            BlobKey first = cursors.stream()
                    .map(SiteCursor::first)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            if (first == null) {
                return null;
            }
            Optional<KeyPrefix> group = groups.apply(first);
            if (group.isEmpty()) {
                cursors.forEach(cursor -> cursor.take(first));
                continue;
            }
            return group(first, group.get());
        }
    }

    /** Takes all keys of a group out of all listings. */
    private Group group(BlobKey first, KeyPrefix prefix) throws IOException {
        Map<Integer, List<BlobKey>> taken = new TreeMap<>();
        boolean more = true;
        while (more) {
            for (SiteCursor cursor : cursors) {
                cursor.take(prefix, taken.computeIfAbsent(cursor.site().index(), i -> new ArrayList<>()));
            }
            more = isBlank();
            fill();
            more = more && cursors.stream().map(SiteCursor::first).anyMatch(key -> key != null && prefix.matches(key));
        }
        taken.keySet().retainAll(answering());
        return new Group(first, taken);
    }

    /**
     * Tells whether to go on a site must be asked.
     *
     * @return false if the next group is known already
     */
    public boolean isBlank() {
        return cursors.stream().anyMatch(SiteCursor::isBlank);
    }

    /**
     * Goes on behind a key.
     *
     * @param after any key
     */
    public void skipTo(BlobKey after) {
        cursors.forEach(cursor -> cursor.skipTo(after));
    }

    /**
     * Returns the sites that have answered all the way.
     *
     * @return their indexes
     */
    public List<Integer> answering() {
        return cursors.stream().map(cursor -> cursor.site().index()).toList();
    }

    private boolean enough(Map<Integer, SiteCursor> asked) {
        return wanted.enough()
                .test(answering().stream()
                        .filter(site -> !asked.containsKey(site))
                        .toList());
    }

    /** Reads on where it is not known what comes next. */
    private void fill() throws IOException {
        List<SiteCursor> blank = cursors.stream().filter(SiteCursor::isBlank).toList();
        if (!blank.isEmpty()) {
            fill(blank);
        }
        if (!enough(Map.of())) {
            throw new UnavailableException(cursors.size() + " of " + sites.size() + " sites answered, "
                    + wanted.number() + " must answer to " + wanted.purpose() + ": " + Reasons.joined(failures));
        }
    }

    private void fill(List<SiteCursor> blank) throws IOException {
        Map<Integer, SiteCursor> asked = new HashMap<>();
        try (TaskGroup<Listing> group = means.tasks().group()) {
            for (SiteCursor cursor : blank) {
                asked.put(cursor.site().index(), cursor);
                group.fork(cursor.site().index(), cursor::page);
            }
            Deadline until = means.tasks().deadline(means.timing().deadline());
            boolean hurried = false;
            while (!asked.isEmpty()) {
                if (!hurried && enough(asked)) {
                    hurried = true;
                    until = means.tasks().deadline(means.timing().patience().hedgeDelay());
                }
                Outcome<Listing> outcome = group.next(until);
                if (outcome == null) {
                    break;
                }
                SiteCursor cursor = Objects.requireNonNull(asked.remove(outcome.index()));
                take(cursor, outcome);
            }
        }
        for (SiteCursor late : asked.values()) {
            cursors.remove(late);
            failures.put(late.site().name(), "has not answered in time");
        }
    }

    private void take(SiteCursor cursor, Outcome<Listing> outcome) throws IOException {
        IOException failure = outcome.failure();
        if (failure == null) {
            cursor.accept(outcome.get());
        } else {
            cursors.remove(cursor);
            failures.put(cursor.site().name(), Reasons.of(failure));
        }
    }
}
