package io.slicekeep.scrub;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.FormatException;
import io.slicekeep.record.EncodedName;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** No text that is handed in, and no keys that a site may list, make a scrub do anything but go on, in order, or refuse. */
class ScrubFuzzTest {
    private static final String NAMESPACE = "n";
    private static final String FOLDER = NAMESPACE + "/h/";
    private static final Site SITE = new Site(0, "a", new MemoryStore());

    @FuzzTest
    void cursor(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        try {
            Cursor cursor = Cursor.parse(text, List.of(NAMESPACE));
            new SiteFeed(SITE, FOLDER, cursor.name());
            require(
                    text.isEmpty() || cursor.toString().equals(text),
                    "a cursor that was accepted is written differently");
        } catch (FormatException e) {
            // refused, as it may be
        }
    }

    /** The site's pages are the lines of the input; an empty one ends a page. */
    @FuzzTest
    void listing(FuzzedDataProvider data) {
        SiteFeed feed = new SiteFeed(SITE, FOLDER, "");
        String former = "";
        for (String page : data.consumeRemainingAsAsciiString().split("\n\n", -1)) {
            feed.accept(new Listing(keys(page), false));
            for (Optional<String> name = feed.nextName(); name.isPresent(); name = feed.nextName()) {
                require(
                        name.get().compareTo(former) >= 0,
                        "names are not in order: " + name.get() + " after " + former);
                former = name.get();
                show(feed, former);
            }
        }
    }

    private static void show(SiteFeed feed, String name) {
        List<BlobKey> keys = new ArrayList<>();
        feed.take(name, keys);
        require(!keys.isEmpty(), "no key has the next name: " + name);
        ShownName shown = new ShownName(new EncodedName(name.substring(0, name.length() - 1)));
        shown.add(0, keys, keys);
        for (String revision : shown.revisions()) {
            require(shown.copies(revision).containsKey(0), "a revision has no copy: " + revision);
            shown.isSliced(revision);
            shown.sitesWithSlices(revision);
        }
        shown.unreached();
    }

    private static List<BlobKey> keys(String lines) {
        List<BlobKey> keys = new ArrayList<>();
        for (String line : lines.split("\n", -1)) {
            try {
                keys.add(BlobKey.of(FOLDER + line));
            } catch (IllegalArgumentException e) {
                // A store lists keys.
            }
        }
        return keys;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
