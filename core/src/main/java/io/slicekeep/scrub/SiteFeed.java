package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.record.EncodedName;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The keys that one site lists in one folder, name by name. Confined to one thread at a time, but for {@link #page}, which changes
 * nothing.
 */
final class SiteFeed {
    /** How many keys of a name are looked at, the newest first: a site may list without end. */
    static final int MOST_OF_A_NAME = 10_000;

    private static final int PAGE_KEYS = 1000;

    /** The first character of keys behind the one that ends a name: it sorts behind all that stands under the name. */
    private static final char BEHIND = '+';

    private final Site site;
    private final KeyPrefix folder;
    private final Deque<BlobKey> keys = new ArrayDeque<>();
    private BlobKey last;
    private boolean finished;

    /** Begins behind a name; at the beginning if it is empty. */
    SiteFeed(Site site, String folder, String afterName) {
        this.site = site;
        this.folder = new KeyPrefix(folder);
        this.last = BlobKey.of(afterName.isEmpty() ? folder + "!" : behind(folder + afterName));
    }

    /** Returns the key behind all that stands under a name, and before its children's. */
    static String behind(String name) {
        return name + BEHIND;
    }

    Site site() {
        return site;
    }

    /** Tells whether nothing can be said of the keys that follow before another page has been read. */
    boolean isBlank() {
        return keys.isEmpty() && !finished;
    }

    /** Reads the next page. */
    Listing page() throws IOException {
        return site.store().list(folder, last, PAGE_KEYS);
    }

    /** Takes in a page. Keys in disorder, or without a name, are a lie or not ours, and left out. */
    void accept(Listing page) {
        boolean progress = false;
        for (BlobKey key : page.keys()) {
            if (folder.matches(key) && key.compareTo(last) > 0) {
                last = key;
                progress = true;
                if (nameOf(key).isPresent()) {
                    keys.add(key);
                }
            }
        }
        finished = !page.more() || !progress;
    }

    /** Returns the next key as far as it is the name and what ends it, by which names are in the keys' order. */
    Optional<String> nextName() {
        return Optional.ofNullable(keys.peek()).flatMap(this::nameOf).map(name -> name + "!");
    }

    /** Takes the keys of a name, as far as they are known; those beyond the most are passed by. */
    void take(String name, List<BlobKey> taken) {
        while (nextName().equals(Optional.of(name))) {
            BlobKey key = keys.remove();
            if (taken.size() < MOST_OF_A_NAME) {
                taken.add(key);
            } else {
                passBy(name);
            }
        }
    }

    private void passBy(String name) {
        BlobKey behind = BlobKey.of(behind(folder + name.substring(0, name.length() - 1)));
        last = last.compareTo(behind) < 0 ? behind : last;
    }

    private Optional<EncodedName> nameOf(BlobKey key) {
        return EncodedName.in(key.value(), folder.value());
    }
}
