package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.Optional;

/**
 * How one site of a keep stands.
 *
 * @param slice which slice of every blob is its; that of the site whose place it takes, if it does
 * @param name what people call it
 * @param address where it is, or was when it joined
 * @param store where its blobs lie; one whose every call fails if the site is away
 * @param away why it is not used, and the remedy; empty if it is there
 * @param keysGeneration the newest generation of the keys that it shows; 0 if it shows none
 * @param capabilities what its store was found to be; empty if it is away, or was not probed
 */
public record Standing(
        int slice,
        String name,
        String address,
        BlobStore store,
        Optional<String> away,
        long keysGeneration,
        Optional<SiteCapabilities> capabilities) {
    /** Returns a site that is there. */
    static Standing present(Member member, Glimpse glimpse) {
        long generation =
                glimpse.keys().stream().mapToLong(WrappedKeys::generation).max().orElse(0);
        return new Standing(
                member.slice(),
                member.name(),
                glimpse.candidate().address(),
                glimpse.store(),
                Optional.empty(),
                generation,
                glimpse.capabilities().map(Stored::value));
    }

    /** Returns a site that is away. */
    static Standing away(Member member, String address, String reason) {
        BlobStore store = new AwayStore(reason);
        return new Standing(member.slice(), member.name(), address, store, Optional.of(reason), 0, Optional.empty());
    }

    /**
     * Returns the site for the layers above.
     *
     * @param index its position in a layout
     * @return the site
     */
    public Site site(int index) {
        return new Site(index, slice, name, store);
    }

    /**
     * Tells whether the site is used.
     *
     * @return true if it is not away
     */
    public boolean present() {
        return away.isEmpty();
    }
}
