package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far one site's listing has been read. Confined to one thread at a time, but for {@link #page}, which changes nothing. */
final class SiteCursor {
    private static final int PAGE_KEYS = 1000;

    /** More than any name has at a site. */
    private static final long MOST_KEYS = 1_000_000;

    private final Site site;
    private final KeyPrefix prefix;
    private final Deque<BlobKey> keys = new ArrayDeque<>();
    private @Nullable BlobKey last;
    private boolean finished;
    private long askedKeys;

    SiteCursor(Site site, KeyPrefix prefix) {
        this.site = site;
        this.prefix = prefix;
    }

    Site site() {
        return site;
    }

    /** Tells whether nothing can be said of the keys that follow before another page has been read. */
    boolean isBlank() {
        return keys.isEmpty() && !finished;
    }

    /** Reads the next page. A site that goes on listing within one name has failed: it may go on for ever. */
    Listing page() throws IOException {
        if (askedKeys >= MOST_KEYS) {
            throw new UnavailableException("lists without end");
        }
        return site.store().list(prefix, last, PAGE_KEYS);
    }

    /** Takes in a page. Keys in disorder are a lie and left out: whoever lists them was heard already. */
    void accept(Listing page) {
        int before = keys.size();
        for (BlobKey key : page.keys()) {
            if (prefix.matches(key) && (last == null || key.compareTo(last) > 0)) {
                keys.add(key);
                last = key;
            }
        }
        askedKeys += Math.max(PAGE_KEYS, page.keys().size());
        finished = !page.more() || keys.size() == before;
    }

    /** Begins another name: the site may list as much again. */
    void begin() {
        askedKeys = 0;
    }

    @Nullable
    BlobKey first() {
        return keys.peek();
    }

    /** Takes the first keys that begin with a prefix. */
    void take(KeyPrefix taken, List<BlobKey> target) {
        for (BlobKey key = keys.peek(); key != null && taken.matches(key); key = keys.peek()) {
            target.add(key);
            keys.remove();
        }
    }

    /** Takes the first key if it is this one. */
    void take(BlobKey key) {
        if (key.equals(keys.peek())) {
            keys.remove();
        }
    }

    /** Goes on behind a key. */
    void skipTo(BlobKey after) {
        while (!keys.isEmpty() && keys.element().compareTo(after) <= 0) {
            keys.remove();
        }
        if (last == null || last.compareTo(after) < 0) {
            last = after;
        }
    }
}
