package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.EncodedName;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of a namespace in the order of their keys, merged from all sites' listings of records and slices, which run in the same
 * order. A site whose listing fails, or takes too long, is left out from there on. Confined to one thread.
 */
final class NameWalk {
    private final Tasks tasks;
    private final Duration siteTimeout;
    private final List<SiteFeed> records = new ArrayList<>();
    private final List<SiteFeed> slices = new ArrayList<>();
    private final Map<Integer, IOException> failures = new TreeMap<>();

    /** Begins behind a name; at the beginning if it is empty. */
    NameWalk(List<Site> sites, Tasks tasks, Duration siteTimeout, String folder, String afterName) {
        this.tasks = tasks;
        this.siteTimeout = siteTimeout;
        for (Site site : sites) {
            records.add(new SiteFeed(site, folder + "h/", afterName));
            slices.add(new SiteFeed(site, folder + "b/", afterName));
        }
    }

    /** Returns the sites that cannot be listed, and why. */
    Map<Integer, IOException> failures() {
        return failures;
    }

    /** Returns the next name that any site lists; null at the end. */
    @Nullable
    ShownName next() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        fill();
        String first = feeds().stream()
                .flatMap(feed -> feed.nextName().stream())
                .min(Comparator.naturalOrder())
                .orElse(null);
        return first == null ? null : take(first);
    }

    /** Takes all keys of a name, which ends with a separator, out of all listings. */
    private ShownName take(String name) throws IOException {
        Map<SiteFeed, List<BlobKey>> taken = new HashMap<>();
        while (feeds().stream().anyMatch(feed -> feed.nextName().equals(Optional.of(name)))) {
            feeds().forEach(feed -> feed.take(name, taken.computeIfAbsent(feed, none -> new ArrayList<>())));
            fill();
        }
        ShownName shown = new ShownName(new EncodedName(name.substring(0, name.length() - 1)));
        for (int i = 0; i < records.size(); i++) {
            if (!failures.containsKey(i)) {
                shown.add(
                        i, taken.getOrDefault(records.get(i), List.of()), taken.getOrDefault(slices.get(i), List.of()));
            }
        }
        return shown;
    }

    /** Reads on, at all sites at once, where it is not known what comes next. */
    private void fill() throws IOException {
        List<SiteFeed> blank = blank();
        while (!blank.isEmpty()) {
            fill(blank);
            blank = blank();
        }
    }

    private void fill(List<SiteFeed> blank) throws IOException {
        Map<Integer, SiteFeed> asked = new TreeMap<>();
        try (TaskGroup<Listing> group = tasks.group()) {
            for (SiteFeed feed : blank) {
                asked.put(asked.size(), feed);
                group.fork(feed.site().index(), asked.size() - 1, feed::page);
            }
            Deadline end = tasks.deadline(siteTimeout);
            for (Outcome<Listing> o = group.next(end); o != null; o = group.next(end)) {
                SiteFeed feed = Objects.requireNonNull(asked.remove(o.index()));
                IOException failure = o.failure();
                if (failure == null) {
                    feed.accept(o.get());
                } else {
                    failures.put(feed.site().index(), failure);
                }
            }
        }
        for (SiteFeed late : asked.values()) {
            failures.put(late.site().index(), new UnavailableException("no answer within " + siteTimeout));
        }
    }

    private List<SiteFeed> blank() {
        return feeds().stream().filter(SiteFeed::isBlank).toList();
    }

    /** Returns the listings that have not failed. */
    private List<SiteFeed> feeds() {
        return Stream.concat(records.stream(), slices.stream())
                .filter(feed -> !failures.containsKey(feed.site().index()))
                .toList();
    }
}
