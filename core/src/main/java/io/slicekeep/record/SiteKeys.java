package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The keys that one site lists of one name. */
public final class SiteKeys {
    private SiteKeys() {}

    /**
     * Lists them all.
     *
     * @param site where
     * @param prefix what all keys of the name begin with
     * @return the keys, in order
     * @throws UnavailableException if the site goes on beyond a million: it may do so for ever
     * @throws IOException if they cannot be listed
     */
    public static List<BlobKey> of(Site site, KeyPrefix prefix) throws IOException {
        List<BlobKey> keys = new ArrayList<>();
        SiteCursor cursor = new SiteCursor(site, prefix);
        while (cursor.isBlank()) {
            cursor.accept(cursor.page());
            cursor.take(prefix, keys);
        }
        return keys;
    }
}
