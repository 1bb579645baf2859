package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.record.EncodedName;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The keys that one site lists in one folder, name by name. Confined to one thread at a time. */
final class SiteFeed {
    private static final int PAGE_KEYS = 1000;

    /** Sorts behind all that stands under a name, and before its children's keys. */
    private static final String BEHIND = "!~~~~~~~~~~~~";

    private final Site site;
    private final KeyPrefix folder;
    private final Deque<BlobKey> keys = new ArrayDeque<>();
    private BlobKey last;
    private boolean finished;

    /** Begins behind a name; at the beginning if it is empty. */
    SiteFeed(Site site, String folder, String afterName) {
        this.site = site;
        this.folder = new KeyPrefix(folder);
        this.last = BlobKey.of(afterName.isEmpty() ? folder + "!" : folder + afterName + BEHIND);
    }

    Site site() {
        return site;
    }

    /** Returns the name of the next key with what separates it from the rest, by which names are in the keys' order. */
    Optional<String> nextName() throws IOException {
        fill();
        return Optional.ofNullable(keys.peek()).map(this::nameOf);
    }

    /** Takes all keys of a name, which end with a separator. */
    List<BlobKey> take(String name) throws IOException {
        List<BlobKey> taken = new ArrayList<>();
        for (Optional<String> next = nextName(); next.equals(Optional.of(name)); next = nextName()) {
            taken.add(keys.remove());
        }
        return taken;
    }

    private String nameOf(BlobKey key) {
        return key.value().substring(folder.value().length(), key.value().indexOf('!') + 1);
    }

    /** Keys in disorder, or without a name, are a lie or not ours, and left out. */
    private void fill() throws IOException {
        while (keys.isEmpty() && !finished) {
            Listing page = site.store().list(folder, last, PAGE_KEYS);
            boolean progress = false;
            for (BlobKey key : page.keys()) {
                if (folder.matches(key) && key.compareTo(last) > 0) {
                    last = key;
                    progress = true;
                    int nameLength = key.value().indexOf('!') - folder.value().length();
                    if (nameLength > 0 && nameLength <= EncodedName.MAX_LENGTH) {
                        keys.add(key);
                    }
                }
            }
            finished = !page.more() || !progress;
        }
    }
}
