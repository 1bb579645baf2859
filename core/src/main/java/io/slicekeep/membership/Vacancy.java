package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.OccupiedException;
import io.slicekeep.probe.StoreProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a store is free to become a site. */
final class Vacancy {
    private static final int PAGE = 1000;
    private static final List<KeyPrefix> LEFT_BY_FOUNDINGS =
            List.of(MemberKeys.KEYS, MemberKeys.CONFIG, MemberKeys.CAPABILITIES, StoreProbe.FOLDER);

    private Vacancy() {}

    /** Returns what is left of attempts that stopped midway to make it a site; refuses a store that holds anything else. */
    static List<BlobKey> leftovers(BlobStore store) throws IOException {
        requireNoIdentity(store);
        List<BlobKey> leftovers = new ArrayList<>();
        Listing page;
        do {
            page = store.list(KeyPrefix.ALL, leftovers.isEmpty() ? null : leftovers.get(leftovers.size() - 1), PAGE);
            for (BlobKey key : page.keys()) {
                if (!isOfMembers(key)) {
                    throw new OccupiedException("it holds other blobs, " + key + " for one; give an empty one");
                }
            }
            leftovers.addAll(page.keys());
        } while (page.more());
        return leftovers;
    }

    /**
     * Tells whether a store holds nothing but what makes it a site, and ballots of those who found its configuration proposed and
     * asked whether it is decided.
     */
    static boolean isUnused(BlobStore store) throws IOException {
        @Nullable BlobKey last = null;
        Listing page;
        do {
            page = store.list(KeyPrefix.ALL, last, PAGE);
            for (BlobKey key : page.keys()) {
                if (!isOfMembers(key) && !key.equals(MemberKeys.IDENTITY) && !MemberKeys.REGISTER.matches(key)) {
                    return false;
                }
                last = key;
            }
        } while (page.more());
        return true;
    }

    private static boolean isOfMembers(BlobKey key) {
        return LEFT_BY_FOUNDINGS.stream().anyMatch(prefix -> prefix.matches(key));
    }

    /** Deletes what was left. */
    static void clear(BlobStore store, List<BlobKey> leftovers) throws IOException {
        for (BlobKey key : leftovers) {
            store.delete(key);
        }
    }

    private static void requireNoIdentity(BlobStore store) throws IOException {
        try {
            Identity identity = Identity.parse(SmallBlob.read(store, MemberKeys.IDENTITY, Identity.BYTES));
            throw new OccupiedException("it is already a site of keep " + identity.keepId()
                    + ", or was one; adopt opens that keep. If its creation was interrupted, or the site was removed or replaced,"
                    + " empty the directory and try again");
        } catch (BlobNotFoundException e) {
            // Free: this is what a new site must be.
        }
    }
}
