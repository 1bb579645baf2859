package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import java.util.Optional;
import java.util.Set;

/** What shall become of the members of a keep. Immutable. */
public abstract sealed class Order {
    private Order() {}

    /**
     * A store that shall become a site.
     *
     * @param address where it is
     * @param store empty, or what it became when this was begun before; not closed here
     */
    public record Arrival(String address, BlobStore store) {}

    /**
     * Orders that a store takes a site's place. That of a lost one it may take while the profile changes to another k too; then both
     * changes end together.
     *
     * @param site the name of the site that goes
     * @param successor the store
     * @param departure how the site goes
     * @return the order
     */
    public static Order replace(String site, Arrival successor, Departure departure) {
        return new Replace(site, successor, departure);
    }

    /**
     * Orders that a store becomes a further site.
     *
     * @param site its name, which no other site has
     * @param arrival the store
     * @param next the profile then: of one site more, and of the same k
     * @return the order
     */
    public static Order add(String site, Arrival arrival, Profile next) {
        return new Add(site, arrival, next);
    }

    /**
     * Orders that a site goes and none takes its place.
     *
     * @param site its name
     * @param departure how it goes
     * @param next the profile then: of one site less, and of the same k
     * @return the order
     */
    public static Order remove(String site, Departure departure, Profile next) {
        return new Remove(site, departure, next);
    }

    /**
     * Orders that the same sites are counted by another profile.
     *
     * @param next the profile then: of as many sites; if of another k, all that stands is sliced anew
     * @return the order
     */
    public static Order reshape(Profile next) {
        return new Reshape(next);
    }

    /** Returns the store that comes. */
    Optional<Arrival> arrival() {
        return Optional.empty();
    }

    /** Requires that it can be meant of this configuration, whatever changes in it, and of these sites that it had before. */
    void requireMeant(Configuration now, Set<String> former) throws UnavailableException {}

    /** Tells whether it is done in a plain configuration, if its arrival is the site given. */
    abstract boolean isDone(Configuration plain, Optional<SiteId> arrived) throws UnavailableException;

    /** Tells whether what changes in a joint configuration is this. */
    abstract boolean isUnderWay(Configuration joint);

    /** Tells whether what changes in a joint configuration may give way to this. */
    boolean supersedes(Configuration joint, boolean incomingIsThere) {
        return false;
    }

    /** Returns what has to change for it. */
    abstract Transition transition(Configuration now, SiteId fresh) throws UnavailableException;

    private static int indexOf(Configuration now, String site) throws UnavailableException {
        return now.indexOf(site)
                .orElseThrow(() -> new UnavailableException("the keep has no site " + site + "; it has "
                        + now.members().stream().map(Member::name).toList()));
    }

    private static boolean isLost(Transition change) {
        return change.leaving()
                .filter(gone -> gone.departure() == Departure.LOST)
                .isPresent();
    }

    /** One who goes is the site, and only then may it be declared lost, which cannot be taken back. */
    private static boolean leaves(Configuration joint, String site, boolean replaced) {
        return joint.transition()
                .filter(change -> change.incoming().isPresent() == replaced)
                .flatMap(Transition::leaving)
                .filter(gone -> joint.members().get(gone.index()).name().equals(site))
                .isPresent();
    }

    private static boolean leavesSo(Configuration joint, Departure departure) {
        return departure == Departure.SERVING || isLost(joint.transition().orElseThrow());
    }

    private static final class Replace extends Order {
        private final String site;
        private final Arrival successor;
        private final Departure departure;

        Replace(String site, Arrival successor, Departure departure) {
            this.site = site;
            this.successor = successor;
            this.departure = departure;
        }

        @Override
        Optional<Arrival> arrival() {
            return Optional.of(successor);
        }

        @Override
        void requireMeant(Configuration now, Set<String> former) throws UnavailableException {
            indexOf(now, site);
        }

        @Override
        boolean isDone(Configuration plain, Optional<SiteId> arrived) throws UnavailableException {
            return arrived.equals(
                    Optional.of(plain.members().get(indexOf(plain, site)).siteId()));
        }

        @Override
        boolean isUnderWay(Configuration joint) {
            return leaves(joint, site, true) && isSame(joint) && leavesSo(joint, departure);
        }

        @Override
        boolean supersedes(Configuration joint, boolean incomingIsThere) {
            return rescues(joint) || (leaves(joint, site, true) && (isSame(joint) || !incomingIsThere));
        }

        /** While all is sliced anew no site may go, but one may be lost: what takes its place is filled in the same change. */
        private boolean rescues(Configuration joint) {
            Transition change = joint.transition().orElseThrow();
            return departure == Departure.LOST
                    && change.leaving().isEmpty()
                    && change.changesDataSlices(joint.profile());
        }

        private boolean isSame(Configuration joint) {
            return joint.transition()
                    .flatMap(Transition::incoming)
                    .filter(coming -> coming.address().equals(successor.address()))
                    .isPresent();
        }

        @Override
        Transition transition(Configuration now, SiteId fresh) throws UnavailableException {
            int index = indexOf(now, site);
            Optional<Transition> former = now.transition();
            SiteId siteId = former.filter(change -> isSame(now))
                    .flatMap(Transition::incoming)
                    .map(Member::siteId)
                    .orElse(fresh);
            boolean lost =
                    departure == Departure.LOST || former.filter(Order::isLost).isPresent();
            int slice = now.members().get(index).slice();
            Profile next = former.map(Transition::profile).orElse(now.profile());
            return new Transition(
                    next,
                    Optional.of(new Leaving(index, lost ? Departure.LOST : Departure.SERVING)),
                    Optional.of(new Member(siteId, slice, site, successor.address(), now.epoch() + 2)));
        }

        @Override
        public String toString() {
            return "site " + site + " cannot be replaced";
        }
    }

    private static final class Add extends Order {
        private final String site;
        private final Arrival arrival;
        private final Profile next;

        Add(String site, Arrival arrival, Profile next) {
            this.site = site;
            this.arrival = arrival;
            this.next = next;
        }

        @Override
        Optional<Arrival> arrival() {
            return Optional.of(arrival);
        }

        @Override
        boolean isDone(Configuration plain, Optional<SiteId> arrived) throws UnavailableException {
            Optional<Integer> index = plain.indexOf(site);
            if (index.isEmpty()) {
                return false;
            }
            Member member = plain.members().get(index.get());
            if (!arrived.equals(Optional.of(member.siteId()))) {
                throw new UnavailableException(
                        "the keep has a site " + site + " already, at " + member.address() + "; give another name");
            }
            return true;
        }

        @Override
        boolean isUnderWay(Configuration joint) {
            Transition change = joint.transition().orElseThrow();
            return change.leaving().isEmpty()
                    && change.profile().equals(next)
                    && change.incoming()
                            .filter(coming -> coming.name().equals(site)
                                    && coming.address().equals(arrival.address()))
                            .isPresent();
        }

        @Override
        Transition transition(Configuration now, SiteId fresh) {
            Member member = new Member(fresh, now.freeSlice(), site, arrival.address(), now.epoch() + 2);
            return new Transition(next, Optional.empty(), Optional.of(member));
        }

        @Override
        public String toString() {
            return "site " + site + " cannot be added";
        }
    }

    private static final class Remove extends Order {
        private final String site;
        private final Departure departure;
        private final Profile next;

        Remove(String site, Departure departure, Profile next) {
            this.site = site;
            this.departure = departure;
            this.next = next;
        }

        @Override
        void requireMeant(Configuration now, Set<String> former) throws UnavailableException {
            if (!former.contains(site)) {
                indexOf(now, site);
            }
        }

        @Override
        boolean isDone(Configuration plain, Optional<SiteId> arrived) {
            return plain.indexOf(site).isEmpty();
        }

        @Override
        boolean isUnderWay(Configuration joint) {
            return leaves(joint, site, false)
                    && joint.transition().orElseThrow().profile().equals(next)
                    && leavesSo(joint, departure);
        }

        @Override
        boolean supersedes(Configuration joint, boolean incomingIsThere) {
            return leaves(joint, site, false);
        }

        @Override
        Transition transition(Configuration now, SiteId fresh) throws UnavailableException {
            boolean lost = departure == Departure.LOST
                    || now.transition().filter(Order::isLost).isPresent();
            Leaving leaving = new Leaving(indexOf(now, site), lost ? Departure.LOST : Departure.SERVING);
            return new Transition(next, Optional.of(leaving), Optional.empty());
        }

        @Override
        public String toString() {
            return "site " + site + " cannot be removed";
        }
    }

    private static final class Reshape extends Order {
        private final Profile next;

        Reshape(Profile next) {
            this.next = next;
        }

        @Override
        boolean isDone(Configuration plain, Optional<SiteId> arrived) {
            return plain.profile().equals(next);
        }

        @Override
        boolean isUnderWay(Configuration joint) {
            return joint.transition().equals(Optional.of(transition()));
        }

        @Override
        Transition transition(Configuration now, SiteId fresh) {
            return transition();
        }

        private Transition transition() {
            return new Transition(next, Optional.empty(), Optional.empty());
        }

        @Override
        public String toString() {
            return "the profile cannot be changed";
        }
    }
}
