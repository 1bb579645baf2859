package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.membership.Configuration.Replacement;
import io.slicekeep.record.Means;
import io.slicekeep.record.Reasons;
import io.slicekeep.site.Site;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts a store in the place of a site while the keep is in use (docs/PROTOCOLS.md 11). First both take part, and whatever is
 * done counts by the members before and by those after; when all that stood before stands by both counts, the new one is
 * alone. It may stop at any point, and goes on when it is run again, here or elsewhere; two who run it at once do no harm.
 */
public final class SiteReplacement {
    /** Brings to the incoming site what is its. */
    @FunctionalInterface
    public interface Copying {
        /**
         * Makes everything that the keep has stand by the members before and by those after, as far as it was written before
         * this was called. By then everybody works with both.
         *
         * @param joint where data lies while both take part; its last site is the incoming one
         * @throws IOException if something could not be brought there; then it is called again one day
         */
        void copyUnder(Layout joint) throws IOException;
    }

    /** Watches a replacement. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * It waits until nobody works any more with what was in force before.
         *
         * @param duration how long
         */
        void waits(Duration duration);
    }

    /**
     * What is to be done.
     *
     * @param site the name of the site that goes
     * @param address where its successor is
     * @param store the successor: empty, or what it became when this was begun before; not closed here
     * @param departure how the site goes
     */
    public record Order(String site, String address, BlobStore store, Departure departure) {}

    private final Membership membership;
    private final ConfigurationChange change;
    private final Copying copying;
    private final Watcher watcher;

    /**
     * Creates a replacement.
     *
     * @param membership the keep
     * @param copying brings its data to the incoming site
     * @param watcher is told of the wait
     */
    public SiteReplacement(Membership membership, Copying copying, Watcher watcher) {
        this.membership = membership;
        this.change = new ConfigurationChange(membership);
        this.copying = copying;
        this.watcher = watcher;
    }

    /**
     * Replaces a site, or goes on with it.
     *
     * @param order what is to be done
     * @throws UnavailableException if it cannot be done, or not now, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if the configuration may or may not have changed; run it again
     * @throws IOException if it stops midway; run it again
     */
    public void run(Order order) throws IOException {
        Roster present = membership.reread();
        while (!isDone(present, order)) {
            present = isUnderWay(present, order) ? finish(present, order) : begin(present, order);
        }
        bringKeys(order.store(), present); // Keys that were changed until just now went to the members before.
    }

    /**
     * Gives up a replacement that is under way. The site that was to go stays; what its successor holds is not needed.
     *
     * @param site the name of the site that was to go
     * @throws UnavailableException if it cannot be given up, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have been given up; run it again
     * @throws IOException if it may or may not have been given up; run it again
     */
    public void abort(String site) throws IOException {
        Roster present = membership.reread();
        int index = indexOf(present, site);
        Replacement replacement = present.configuration()
                .replacement()
                .filter(coming -> coming.index() == index)
                .orElseThrow(() -> new UnavailableException("site " + site + " is not being replaced"));
        if (replacement.departure() == Departure.LOST) {
            throw new UnavailableException("site " + site
                    + " was declared lost, and what was written since does not count on it: it cannot come back;"
                    + " finish its replacement, or replace it by another store");
        }
        Roster then = change.make(present, present.configuration().unreplaced());
        if (!then.configuration().members().equals(present.configuration().members())) {
            throw new UnavailableException("site " + site + " was replaced before it could be given up");
        }
    }

    /** Tells whether the store is the member, and the only one; refuses a copy of the one that is in use. */
    private static boolean isDone(Roster present, Order order) throws IOException {
        int index = indexOf(present, order.site());
        SiteId member = present.configuration().members().get(index).siteId();
        if (present.incoming().isPresent() || !isAt(order.store(), member)) {
            return false;
        }
        String inUse = present.standings().get(index).address();
        if (!inUse.equals(order.address())) {
            throw new UnavailableException(
                    order.address() + " is a copy of site " + order.site() + ", which is at " + inUse
                            + ": to use the copy in its stead, give its path in the keep file; to replace the site, give an empty"
                            + " directory");
        }
        return true;
    }

    /** Tells whether this was begun already; refuses it if something else was. */
    private static boolean isUnderWay(Roster present, Order order) throws UnavailableException {
        if (present.incoming().isEmpty()) {
            return false;
        }
        Replacement replacement = present.configuration().replacement().orElseThrow();
        Member incoming = replacement.incoming();
        boolean same = incoming.address().equals(order.address());
        boolean gone = !present.incoming().get().present();
        if (!incoming.name().equals(order.site()) || !(same || gone)) {
            throw new UnavailableException("site " + incoming.name() + " is being replaced by " + incoming.address()
                    + ", and one site changes at a time; finish that first, or give it up");
        }
        return same && (order.departure() == Departure.SERVING || replacement.departure() == Departure.LOST);
    }

    /**
     * Has both take part. The store is told before that is decided what it is: where all sites must agree on the configuration,
     * nobody could read afterwards that it is to be told.
     */
    private Roster begin(Roster present, Order order) throws IOException {
        int index = indexOf(present, order.site());
        Configuration joint = joint(present.configuration(), index, order);
        requireReads(Roster.of(joint, membership.survey()), order);
        if (!isAt(order.store(), joint)) {
            Vacancy.clear(order.store(), Vacancy.leftovers(order.store()));
            probe(order.store(), joint);
            introduce(order.store(), joint, present.configuration().epoch());
        }
        change.write(new Site(index, order.site(), order.store()), joint);
        return change.make(present, joint);
    }

    /** Finds out whether the store can be a site, and notes at it what was found. */
    private void probe(BlobStore store, Configuration joint) throws IOException {
        Means means = membership.search().means();
        SiteId siteId = joint.replacement().orElseThrow().incoming().siteId();
        SiteCapabilities found = new SiteCapabilities(
                joint.keepId(), siteId, SiteCapabilities.probe(store, means.tasks(), means.random()));
        SiteCapabilities.writeFirst(store, membership.succession().seal(found), means.random());
    }

    private Configuration joint(Configuration now, int index, Order order) throws IOException {
        Optional<Replacement> former = now.replacement();
        Optional<Identity> reserved = reserved(order.store(), now, index);
        boolean lost = order.departure() == Departure.LOST
                || former.filter(coming -> coming.departure() == Departure.LOST).isPresent();
        SiteId siteId = former.map(Replacement::incoming)
                .filter(incoming -> incoming.address().equals(order.address()))
                .map(Member::siteId)
                .or(() -> reserved.map(Identity::siteId))
                .orElseGet(() -> SiteId.random(membership.search().means().random()));
        return now.replacing(index, siteId, order.address(), lost ? Departure.LOST : Departure.SERVING);
    }

    /** While both take part, reads need R of the members before. */
    private static void requireReads(Roster joint, Order order) throws UnavailableException {
        Layout layout;
        try {
            layout = joint.layout();
        } catch (IllegalArgumentException e) {
            throw new UnavailableException("site " + order.site() + " cannot be declared lost: " + e.getMessage(), e);
        }
        Map<String, String> away = new TreeMap<>();
        List<Integer> there = new ArrayList<>(List.of(joint.standings().size()));
        for (Standing standing : joint.standings()) {
            standing.away().ifPresentOrElse(why -> away.put(standing.name(), why), () -> there.add(standing.index()));
        }
        if (!layout.quorums().answered(there)) {
            throw new UnavailableException("site " + order.site() + " cannot be replaced now: to read, "
                    + layout.quorums().readers()
                    + " sites must answer meanwhile; bring back those that are away, or declare it lost if it is gone"
                    + " for good: " + Reasons.joined(away));
        }
    }

    private Roster finish(Roster begun, Order order) throws IOException {
        Roster joint = membership.reread();
        requireStill(begun, joint);
        Duration wait = joint.configuration().terms().lease().multipliedBy(2);
        watcher.waits(wait);
        membership.search().means().tasks().pause(wait);
        copying.copyUnder(joint.layout());
        bringKeys(order.store(), joint);
        return change.make(joint, joint.configuration().replaced());
    }

    /** Returns what a store was told while this epoch was in force: that it is to be this site. It holds no data yet. */
    private Optional<Identity> reserved(BlobStore store, Configuration now, int index) throws IOException {
        Optional<byte[]> blob = identityAt(store);
        if (blob.isEmpty() || !Vacancy.isUnused(store)) {
            return Optional.empty();
        }
        Identity identity = Identity.parse(blob.get());
        boolean own = identity.keepId().equals(now.keepId())
                && identity.index() == index
                && identity.epoch() == now.epoch()
                && Arrays.equals(membership.succession().seal(identity), blob.get());
        return own ? Optional.of(identity) : Optional.empty();
    }

    /** Tells the store that it is the incoming site. The epoch is one that has come into force already. */
    private void introduce(BlobStore store, Configuration joint, long epoch) throws IOException {
        Replacement replacement = joint.replacement().orElseThrow();
        Identity identity = new Identity(
                replacement.index(),
                joint.members().size(),
                joint.keepId(),
                replacement.incoming().siteId(),
                epoch);
        SmallBlob.write(store, MemberKeys.IDENTITY, membership.succession().seal(identity));
    }

    private static void requireStill(Roster begun, Roster joint) throws UnavailableException {
        Standing incoming = joint.incoming()
                .filter(still -> begun.configuration().equals(joint.configuration()))
                .orElseThrow(() -> new UnavailableException("the replacement was given up or finished elsewhere"));
        if (!incoming.present()) {
            throw new UnavailableException("the store that takes the place of " + incoming.name() + " cannot be used: "
                    + incoming.away().orElse(""));
        }
    }

    /** Gives a site the keys that stand, and takes away those from before, which may have slots that were dropped. */
    private void bringKeys(BlobStore site, Roster roster) throws IOException {
        WrappedKeys newest = standingKeys(roster);
        if (Glimpse.keys(site).stream().noneMatch(keys -> keys.generation() >= newest.generation())) {
            RandomSource random = membership.search().means().random();
            BlobKey key = MemberKeys.fresh(MemberKeys.KEYS, newest.generation(), random);
            SmallBlob.write(site, key, newest.encode());
        }
        KeyUpdate.deleteOlder(site, newest.generation());
    }

    /** Returns the newest keys that W members show, or else that more than f do: a change may be under way that ends in vain. */
    private WrappedKeys standingKeys(Roster joint) throws IOException {
        List<WrappedKeys> shown = new ArrayList<>();
        for (Outcome<List<WrappedKeys>> outcome :
                membership.search().everywhere().call(joint.standings(), member -> Glimpse.keys(member.store()))) {
            if (outcome.succeeded()) {
                shown.addAll(new LinkedHashSet<>(outcome.get()));
            }
        }
        Profile profile = joint.configuration().profile();
        return newest(shown, profile.writeQuorum())
                .or(() -> newest(shown, profile.faults() + 1))
                .orElseGet(membership::keys);
    }

    private static Optional<WrappedKeys> newest(List<WrappedKeys> shown, int least) {
        return shown.stream()
                .filter(keys -> Collections.frequency(shown, keys) >= least)
                .max(Comparator.comparingLong(WrappedKeys::generation));
    }

    private static int indexOf(Roster present, String site) throws UnavailableException {
        Configuration configuration = present.configuration();
        return configuration
                .indexOf(site)
                .orElseThrow(() -> new UnavailableException("the keep has no site " + site + "; it has "
                        + configuration.members().stream().map(Member::name).toList()));
    }

    private static boolean isAt(BlobStore store, Configuration joint) throws IOException {
        return isAt(store, joint.replacement().orElseThrow().incoming().siteId());
    }

    private static boolean isAt(BlobStore store, SiteId siteId) throws IOException {
        Optional<byte[]> blob = identityAt(store);
        return blob.isPresent() && Identity.parse(blob.get()).siteId().equals(siteId);
    }

    private static Optional<byte[]> identityAt(BlobStore store) throws IOException {
        try {
            return Optional.of(SmallBlob.read(store, MemberKeys.IDENTITY, Identity.BYTES));
        } catch (BlobNotFoundException e) {
            return Optional.empty();
        }
    }
}
