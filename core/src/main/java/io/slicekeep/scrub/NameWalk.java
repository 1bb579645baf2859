package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.record.EncodedName;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of a namespace in the order of their keys, merged from all sites' listings of records and slices, which run in the same
 * order. A site whose listing fails is left out from there on. Confined to one thread.
 */
final class NameWalk {
    private final List<Feeds> feeds = new ArrayList<>();
    private final Map<Integer, IOException> failures = new TreeMap<>();

    /** One site's two listings. */
    private record Feeds(SiteFeed records, SiteFeed slices) {
        int site() {
            return records.site().index();
        }
    }

    /** Begins behind a name; at the beginning if it is empty. */
    NameWalk(Layout layout, String folder, String afterName) {
        for (Site site : layout.sites()) {
            feeds.add(new Feeds(
                    new SiteFeed(site, folder + "h/", afterName), new SiteFeed(site, folder + "b/", afterName)));
        }
    }

    /** Returns the sites that cannot be listed, and why. */
    Map<Integer, IOException> failures() {
        return failures;
    }

    /** Returns the next name that any site lists; null at the end. */
    @Nullable
    ShownName next() throws InterruptedIOException {
        String first = feeds.stream()
                .map(this::nextName)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        if (first == null) {
            return null;
        }
        ShownName shown = new ShownName(new EncodedName(first.substring(0, first.length() - 1)));
        for (Feeds site : feeds) {
            if (failures.containsKey(site.site())) {
                continue;
            }
            try {
                List<BlobKey> records = site.records.take(first);
                shown.add(site.site(), records, site.slices.take(first));
            } catch (IOException e) {
                failures.put(site.site(), e);
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        return shown;
    }

    private @Nullable String nextName(Feeds site) {
        if (failures.containsKey(site.site())) {
            return null;
        }
        try {
            Optional<String> record = site.records.nextName();
            Optional<String> slice = site.slices.nextName();
            if (record.isEmpty() || slice.isEmpty()) {
                return record.or(() -> slice).orElse(null);
            }
            return record.get().compareTo(slice.get()) <= 0 ? record.get() : slice.get();
        } catch (IOException e) {
            failures.put(site.site(), e);
            return null;
        }
    }
}
