package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.membership.Configuration.Seat;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import java.util.Optional;

/**
 * How one site of a keep stands.
 *
 * @param index its position; that of the site whose place it takes, if it is coming
 * @param name what people call it
 * @param address where it is, or was when it joined
 * @param store where its blobs lie; one whose every call fails if the site is away
 * @param away why it is not used, and the remedy; empty if it is there
 * @param keysGeneration the newest generation of the keys that it shows; 0 if it shows none
 * @param capabilities what its store was found to be; empty if it is away, or was not probed
 */
public record Standing(
        int index,
        String name,
        String address,
        BlobStore store,
        Optional<String> away,
        long keysGeneration,
        Optional<SiteCapabilities> capabilities) {
    /** Returns a site that is there. */
    static Standing present(Seat seat, Glimpse glimpse) {
        long generation =
                glimpse.keys().stream().mapToLong(WrappedKeys::generation).max().orElse(0);
        return new Standing(
                seat.index(),
                seat.member().name(),
                glimpse.candidate().address(),
                glimpse.store(),
                Optional.empty(),
                generation,
                glimpse.capabilities().map(Stored::value));
    }

    /** Returns a site that is away. */
    static Standing away(Seat seat, String address, String reason) {
        BlobStore store = new AwayStore(reason);
        return new Standing(
                seat.index(), seat.member().name(), address, store, Optional.of(reason), 0, Optional.empty());
    }

    /**
     * Returns the site for the layers above.
     *
     * @return the site
     */
    public Site site() {
        return new Site(index, name, store);
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
