package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Quorums;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.UnavailableException;
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
 * Changes who the members of a keep are, or how many of them are enough, while it is in use (docs/PROTOCOLS.md 11). First those
 * before and those after take part, and whatever is done counts by both; when all that stood before stands by both counts, those
 * after are alone. It may stop at any point, and goes on when it is run again, here or elsewhere; two who run it at once do no
 * harm.
 */
public final class MembershipChange {
    /** Brings everything to where it shall be. */
    @FunctionalInterface
    public interface Copying {
        /**
         * Makes everything that the keep has stand by the members before and by those after, as far as it was written before
         * this was called. By then everybody works with both.
         *
         * @param joint where data lies while both take part; a site that is coming is its last
         * @throws IOException if something could not be brought there; then it is called again one day
         */
        void copyUnder(Layout joint) throws IOException;
    }

    /** Watches a change. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * It waits until nobody works any more with what was in force before.
         *
         * @param duration how long
         */
        void waits(Duration duration);
    }

    private final Membership membership;
    private final ConfigurationChange change;
    private final Copying copying;
    private final Watcher watcher;

    /**
     * Creates a change.
     *
     * @param membership the keep
     * @param copying brings its data to where it shall be
     * @param watcher is told of the wait
     */
    public MembershipChange(Membership membership, Copying copying, Watcher watcher) {
        this.membership = membership;
        this.change = new ConfigurationChange(membership);
        this.copying = copying;
        this.watcher = watcher;
    }

    /**
     * Does what is ordered, or goes on with it.
     *
     * @param order what is to be done
     * @throws UnavailableException if it cannot be done, or not now, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if the configuration may or may not have changed; run it again
     * @throws IOException if it stops midway; run it again
     */
    public void run(Order order) throws IOException {
        Roster present = membership.reread();
        order.requireMeant(present.configuration(), membership.formerSites());
        while (!isDone(present, order)) {
            present = isUnderWay(present, order) ? finish(present, order) : begin(present, order);
        }
        if (order.arrival().isPresent()) {
            // Keys that were changed until just now went to the members before.
            bringKeys(order.arrival().get().store(), present);
        }
    }

    /**
     * Gives up a change that is under way. The members stay those of before; what one that was coming holds is not needed.
     *
     * @param site the name of the site that was to go or to come; empty if the profile was to change among the same sites
     * @throws UnavailableException if it cannot be given up, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have been given up; run it again
     * @throws IOException if it may or may not have been given up; run it again
     */
    public void giveUp(Optional<String> site) throws IOException {
        Roster present = membership.reread();
        Configuration now = present.configuration();
        Transition transition = now.transition()
                .filter(one -> now.siteThatChanges().equals(site))
                .orElseThrow(() -> new UnavailableException(
                        site.map(name -> "site " + name + " is not being replaced, added or removed")
                                .orElse("the profile is not being changed")));
        if (transition
                .leaving()
                .filter(gone -> gone.departure() == Departure.LOST)
                .isPresent()) {
            throw new UnavailableException("site " + site.orElseThrow()
                    + " was declared lost, and what was written since does not count on it: it cannot come back; finish what"
                    + " was begun, or if another store was to take its place and is lost too, give a further one");
        }
        if (transition.changesDataSlices(now.profile())) {
            throw new UnavailableException(
                    "what was written since is sliced by the next profile, " + transition.profile()
                            + ": finish that change ('slicekeep profile set " + transition.profile()
                            + "'), then change it back to "
                            + now.profile());
        }
        Roster then = change.make(present, now.unchanged());
        boolean kept = then.configuration().members().equals(now.members())
                && then.configuration().profile().equals(now.profile());
        if (!kept) {
            throw new UnavailableException("it was finished before it could be given up");
        }
    }

    private static boolean isDone(Roster present, Order order) throws IOException {
        Configuration now = present.configuration();
        Optional<SiteId> arrived = order.arrival().isEmpty()
                ? Optional.empty()
                : siteAt(order.arrival().get().store());
        boolean done = now.transition().isEmpty() && order.isDone(now, arrived);
        if (done && arrived.isPresent()) {
            requireOriginal(present, arrived.get(), order.arrival().get().address());
        }
        return done;
    }

    /** Refuses a copy of a site that is in use. */
    private static void requireOriginal(Roster present, SiteId siteId, String address) throws UnavailableException {
        List<Member> members = present.configuration().members();
        for (int i = 0; i < members.size(); i++) {
            Standing standing = present.standings().get(i);
            if (members.get(i).siteId().equals(siteId) && !standing.address().equals(address)) {
                throw new UnavailableException(
                        address + " is a copy of site " + standing.name() + ", which is at " + standing.address()
                                + ": to use the copy in its stead, give its path in the keep file; to have another store"
                                + " as a site, give an empty directory");
            }
        }
    }

    /** Tells whether this was begun already; refuses it if something else was. */
    private static boolean isUnderWay(Roster present, Order order) throws UnavailableException {
        Configuration now = present.configuration();
        if (now.transition().isEmpty()) {
            return false;
        }
        boolean incomingIsThere = present.incoming().filter(Standing::present).isPresent();
        if (!order.isUnderWay(now) && !order.supersedes(now, incomingIsThere)) {
            boolean stays = now.transition().get().changesDataSlices(now.profile());
            throw new UnavailableException(now.whatChanges() + ", and one thing changes at a time; finish that first"
                    + (stays ? "" : ", or give it up"));
        }
        return order.isUnderWay(now);
    }

    /**
     * Has both take part. A store that comes is told before that is decided what it is: where all sites must agree on the
     * configuration, nobody could read afterwards that it is to be told.
     */
    private Roster begin(Roster present, Order order) throws IOException {
        Configuration joint = joint(present, order);
        if (order.arrival().isPresent()) {
            BlobStore store = order.arrival().get().store();
            Member incoming = joint.transition().flatMap(Transition::incoming).orElseThrow();
            if (!siteAt(store).equals(Optional.of(incoming.siteId()))) {
                Vacancy.clear(store, Vacancy.leftovers(store));
                probe(store, incoming.siteId(), joint.keepId());
                introduce(store, incoming, present.configuration());
            }
            change.write(new Site(0, incoming.name(), store), joint);
        }
        return change.make(present, joint);
    }

    /** Finds out whether the store can be a site, and notes at it what was found. */
    private void probe(BlobStore store, SiteId siteId, KeepId keepId) throws IOException {
        Means means = membership.search().means();
        SiteCapabilities found =
                new SiteCapabilities(keepId, siteId, SiteCapabilities.probe(store, means.tasks(), means.random()));
        SiteCapabilities.writeFirst(store, membership.succession().seal(found), means.random());
    }

    /** Tells the store which site it is to be. The epoch is one that has come into force already. */
    private void introduce(BlobStore store, Member incoming, Configuration now) throws IOException {
        Identity identity = new Identity(incoming.slice(), now.keepId(), incoming.siteId(), now.epoch());
        SmallBlob.write(store, MemberKeys.IDENTITY, membership.succession().seal(identity));
    }

    private Configuration joint(Roster present, Order order) throws IOException {
        Configuration now = present.configuration();
        try {
            Configuration joint = now.changing(transition(now, order));
            requireReads(Roster.of(joint, membership.survey()), order);
            return joint;
        } catch (IllegalArgumentException e) {
            throw new UnavailableException(order + ": " + e.getMessage(), e);
        }
    }

    private Transition transition(Configuration now, Order order) throws IOException {
        SiteId fresh = SiteId.random(membership.search().means().random());
        Transition next = order.transition(now, fresh);
        if (order.arrival().isEmpty()) {
            return next;
        }
        int slice = next.incoming().orElseThrow().slice();
        Optional<SiteId> reserved = reserved(order.arrival().get().store(), now, slice);
        return reserved.isPresent() ? order.transition(now, reserved.get()) : next;
    }

    /** Returns what a store was told while this epoch was in force: that it is to have this slice. It holds no data yet. */
    private Optional<SiteId> reserved(BlobStore store, Configuration now, int slice) throws IOException {
        Optional<byte[]> blob = identityAt(store);
        if (blob.isEmpty() || !Vacancy.isUnused(store)) {
            return Optional.empty();
        }
        Identity identity = Identity.parse(blob.get());
        boolean own = identity.keepId().equals(now.keepId())
                && identity.slice() == slice
                && identity.epoch() == now.epoch()
                && Arrays.equals(membership.succession().seal(identity), blob.get());
        return own ? Optional.of(identity.siteId()) : Optional.empty();
    }

    /** While both take part, reads need R of the members before and of those after; and so many are enough to write. */
    private static void requireReads(Roster joint, Order order) throws UnavailableException {
        Layout layout = joint.layout();
        Map<String, String> away = new TreeMap<>();
        List<Integer> there = new ArrayList<>();
        for (Site site : layout.sites()) {
            Optional<String> why = site.index() < joint.standings().size()
                    ? joint.standings().get(site.index()).away()
                    : Optional.empty();
            why.ifPresentOrElse(reason -> away.put(site.name(), reason), () -> there.add(site.index()));
        }
        if (!layout.quorums().answered(there)) {
            throw new UnavailableException(
                    order + " now: to read, " + layout.quorums().readers()
                            + " sites must answer meanwhile; bring back those that are away, or declare it lost if it is gone for"
                            + " good: " + Reasons.joined(away));
        }
    }

    private Roster finish(Roster begun, Order order) throws IOException {
        Roster joint = membership.reread();
        requireStill(begun, joint);
        Duration wait = joint.configuration().terms().lease().multipliedBy(2);
        watcher.waits(wait);
        membership.search().means().tasks().pause(wait);
        copying.copyUnder(joint.layout());
        if (order.arrival().isPresent()) {
            bringKeys(order.arrival().get().store(), joint);
        }
        requireKeys(joint);
        return change.make(joint, joint.configuration().changed());
    }

    private static void requireStill(Roster begun, Roster joint) throws UnavailableException {
        if (!begun.configuration().equals(joint.configuration())) {
            throw new UnavailableException("what was begun was given up or finished elsewhere");
        }
        Optional<String> away = joint.incoming().flatMap(Standing::away);
        if (away.isPresent()) {
            throw new UnavailableException(
                    "the store that becomes site " + joint.incoming().get().name() + " cannot be used: " + away.get());
        }
    }

    /** Gives a site the keys that stand, and takes away those from before, which may have slots that were dropped. */
    private void bringKeys(BlobStore site, Roster roster) throws IOException {
        WrappedKeys standing = standingKeys(roster);
        if (!has(Glimpse.keys(site), standing)) {
            RandomSource random = membership.search().means().random();
            BlobKey key = MemberKeys.fresh(MemberKeys.KEYS, standing.generation(), random);
            SmallBlob.write(site, key, standing.encode());
        }
        KeyUpdate.deleteOlder(site, standing.generation());
    }

    /** Requires that enough sites have the keys that stand, by both counts. */
    private void requireKeys(Roster joint) throws IOException {
        WrappedKeys standing = standingKeys(joint);
        List<Standing> all = new ArrayList<>(joint.standings());
        joint.incoming().ifPresent(all::add);
        List<Integer> having = new ArrayList<>();
        shownKeys(all).forEach((index, keys) -> {
            if (has(keys, standing)) {
                having.add(index);
            }
        });
        Quorums quorums = joint.layout().quorums();
        if (!quorums.written(having)) {
            throw new UnavailableException("too few sites have the keys of now, " + quorums.writers()
                    + " must: rotate the keys, so that all have them, and try again");
        }
    }

    /** Returns the newest keys that W members show, or else that more than f do: a change may be under way that ends in vain. */
    private WrappedKeys standingKeys(Roster roster) throws IOException {
        List<WrappedKeys> shown = new ArrayList<>();
        shownKeys(roster.standings()).values().forEach(keys -> shown.addAll(new LinkedHashSet<>(keys)));
        Profile profile = roster.configuration().profile();
        return newest(shown, profile.writeQuorum())
                .or(() -> newest(shown, profile.faults() + 1))
                .orElseGet(membership::keys);
    }

    private Map<Integer, List<WrappedKeys>> shownKeys(List<Standing> sites) throws IOException {
        Map<Integer, List<WrappedKeys>> shown = new TreeMap<>();
        for (Outcome<List<WrappedKeys>> outcome :
                membership.search().everywhere().call(sites, site -> Glimpse.keys(site.store()))) {
            if (outcome.succeeded()) {
                shown.put(outcome.index(), outcome.get());
            }
        }
        return shown;
    }

    private static Optional<WrappedKeys> newest(List<WrappedKeys> shown, int least) {
        return shown.stream()
                .filter(keys -> Collections.frequency(shown, keys) >= least)
                .max(Comparator.comparingLong(WrappedKeys::generation));
    }

    private static boolean has(List<WrappedKeys> shown, WrappedKeys standing) {
        return shown.stream().anyMatch(keys -> keys.generation() >= standing.generation());
    }

    private static Optional<SiteId> siteAt(BlobStore store) throws IOException {
        Optional<byte[]> blob = identityAt(store);
        return blob.isEmpty()
                ? Optional.empty()
                : Optional.of(Identity.parse(blob.get()).siteId());
    }

    private static Optional<byte[]> identityAt(BlobStore store) throws IOException {
        try {
            return Optional.of(SmallBlob.read(store, MemberKeys.IDENTITY, Identity.BYTES));
        } catch (BlobNotFoundException e) {
            return Optional.empty();
        }
    }
}
