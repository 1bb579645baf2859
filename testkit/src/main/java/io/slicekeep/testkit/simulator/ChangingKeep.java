package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.membership.Candidate;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Founding;
import io.slicekeep.membership.KeepId;
import io.slicekeep.membership.KeyUpdate;
import io.slicekeep.membership.Member;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.MembershipChange;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.Order;
import io.slicekeep.membership.Search;
import io.slicekeep.membership.Transition;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.Registers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A keep whose sites say who they are and are replaced, one after the other, and whose profile changes. Every process opens it with
 * the file of its first day. Nobody but the sites knows what has become of a change: whoever goes on reads it there.
 */
final class ChangingKeep implements Keep {
    private static final List<Profile> SHAPES = Stream.of(
                    "2+1",
                    "2+1,f=1,away=0",
                    "2+2",
                    "3+1",
                    "2+3",
                    "3+2",
                    "4+2",
                    "4+2,f=1",
                    "3+3",
                    "3+3,f=1,away=1",
                    "2+4",
                    "4+4,f=1,away=1",
                    "5+3,f=1,away=1",
                    "6+2",
                    "10+6,f=1",
                    "12+4,f=1")
            .map(Profile::parse)
            .toList();

    private final Run run;
    private final FaultBudget budget;
    private final OpenSecret secret;
    private final KeyRing keys;
    private final Duration lease;
    private final int founders;
    private Optional<KeepId> keepId = Optional.empty();
    private List<SimulatedSite> members;
    private Profile profile;

    ChangingKeep(Run run, FaultBudget budget, OpenSecret secret, Duration lease) {
        this.run = run;
        this.budget = budget;
        this.secret = secret;
        this.keys = KeyRing.of(ParentKey.of(secret));
        this.lease = lease;
        this.members = List.copyOf(run.sites());
        this.profile = run.profile();
        this.founders = members.size();
    }

    @Override
    public void found() throws IOException {
        SimulatedProcess process = run.newProcess(Clock.right(), true);
        List<Founding.Plot> plots = new ArrayList<>();
        for (SimulatedSite site : members) {
            plots.add(new Founding.Plot(site.name(), address(site), process.wire(site)));
        }
        keepId = Optional.of(new Founding(process, process.means().random(), siteTimeout())
                .found(run.profile(), lease, run.mode(), plots, keys));
        members.forEach(SimulatedSite::backUp);
    }

    /** Nothing is closed but the objects: what is under way goes on behind, until the process ends. */
    @Override
    public Opened open(SimulatedProcess process) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (SimulatedSite site : run.sites().subList(0, founders)) {
            candidates.add(new Candidate(Optional.of(site.name()), address(site), () -> process.wire(site)));
        }
        Search search =
                new Search(keepId, candidates, address -> process.wire(at(address)), process.means(), siteTimeout());
        Membership membership = Membership.open(search, 1, key -> true, keys);
        NamespaceEntry namespace = membership.configuration().namespaces().get(0);
        try (OpenSecret opened = membership.namespaceSecret(namespace)) {
            byte[] id = HexFormat.of().parseHex(namespace.id());
            return new Opened(
                    process,
                    membership,
                    namespace.id(),
                    run.objects(membership, id, opened, process.facilities()),
                    Registers.across(membership.latest(), RegisterFormat.of("", secret), process.means()));
        }
    }

    private static Duration siteTimeout() {
        return Run.TIMING.patience().siteTimeout();
    }

    private static String address(SimulatedSite site) {
        return "/" + site.name();
    }

    private SimulatedSite at(String address) throws UnavailableException {
        return run.sites().stream()
                .filter(site -> address(site).equals(address))
                .findFirst()
                .orElseThrow(() -> new UnavailableException("nothing is at " + address));
    }

    /** Returns a site's successor, that nobody knows yet. */
    String successor(int index) {
        return address(run.addSite(index));
    }

    /** Returns the keep's members as somebody has opened it. */
    static Membership membership(Opened opened) {
        if (opened.layouts() instanceof Membership membership) {
            return membership;
        }
        throw new IllegalArgumentException("a keep must know its members: layouts=" + opened.layouts());
    }

    /**
     * What is to be done.
     *
     * @param site the name of the member that goes
     * @param address where its successor is
     * @param departure how it goes
     */
    record Replacement(String site, String address, Departure departure) {}

    /** Goes on with what others have begun. */
    Optional<Replacement> begun(Configuration now) throws IOException {
        if (now.transition().filter(Transition::replaces).isEmpty()) {
            return Optional.empty();
        }
        Leaving leaving = now.transition().get().leaving().orElseThrow();
        Member incoming = now.transition().get().incoming().orElseThrow();
        return Optional.of(replacement(now.members().get(leaving.index()), incoming.address(), leaving.departure()));
    }

    /** Returns a replacement: of a site that is lost, where that may be said, or as begun. */
    Replacement replacement(Member member, String address, Departure begun) throws IOException {
        Departure departure = mayBeDeclaredLost(at(member.address())) ? Departure.LOST : begun;
        return new Replacement(member.name(), address, departure);
    }

    boolean isLost(Member member) throws IOException {
        return at(member.address()).isLost();
    }

    /** A site is declared lost that is, or that is at fault anyway: it counts as one of the f then (docs/PROTOCOLS.md 10). */
    private boolean mayBeDeclaredLost(SimulatedSite site) {
        boolean liar = budget.liars().contains(site.index());
        return liar || (site.isLost() && budget.liars().isEmpty());
    }

    /** Does a replacement to its end, and returns the site that has gone; none if others were faster. */
    Optional<SimulatedSite> replace(Opened opened, Replacement replacement) throws IOException {
        Configuration before = membership(opened).configuration();
        int index = before.indexOf(replacement.site()).orElseThrow();
        Order.Arrival successor =
                new Order.Arrival(replacement.address(), opened.process().wire(at(replacement.address())));
        change(opened).run(Order.replace(replacement.site(), successor, replacement.departure()));
        run.tally().replacement();
        run.note(index, () -> replacement.site() + " is " + replacement.address() + " now");
        String former = before.members().get(index).address();
        return former.equals(replacement.address()) ? Optional.empty() : Optional.of(at(former));
    }

    /** Returns the profiles that it may come to have: of as many sites, under all of which what may go wrong breaks no promise. */
    List<Profile> profiles() {
        return SHAPES.stream()
                .filter(shape -> shape.sites() == run.profile().sites() && budget.fits(shape))
                .toList();
    }

    /** Changes the profile, to the end. */
    void reshape(Opened opened, Profile next) throws IOException {
        change(opened).run(Order.reshape(next));
        run.tally().reshape();
        run.note(next.dataSlices(), () -> "the profile is " + next + " now");
    }

    MembershipChange change(Opened opened) {
        return new MembershipChange(
                membership(opened),
                joint -> opened.objects().fillIncoming(joint, () -> {}),
                duration -> run.note(duration.toNanos(), () -> "waits for leases"));
    }

    /** Switches off a former member, unless the first day's file leads to the others over it alone, or over spoilt ones. */
    void switchOff(SimulatedSite former, Configuration now) throws IOException {
        List<SimulatedSite> known = new ArrayList<>(run.sites().subList(0, founders));
        known.retainAll(members(now));
        known.removeIf(site -> budget.mayFail(site.index()));
        if (!known.isEmpty()) {
            former.lose();
        }
    }

    /** Nothing changes while too few sites show the keys that stand: one may be gone, and another one have rotten ones. */
    private void rotateKeys(SimulatedProcess process, Membership membership) throws IOException {
        new KeyUpdate(process, process.means().random(), siteTimeout()).rotate(membership, membership.keys(), keys);
    }

    private List<SimulatedSite> members(Configuration now) throws IOException {
        List<SimulatedSite> present = new ArrayList<>();
        for (Member member : now.members()) {
            present.add(at(member.address()));
        }
        return present;
    }

    @Override
    public List<SimulatedSite> members() {
        return members;
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public void settle(Opened opened) throws IOException {
        Membership membership = membership(opened);
        Optional<Replacement> begun = begun(membership.configuration());
        if (begun.isPresent()) {
            rotateKeys(opened.process(), membership);
            replace(opened, begun.get());
        }
        Optional<Transition> reshaping = membership.configuration().transition();
        if (reshaping.isPresent()) {
            rotateKeys(opened.process(), membership);
            reshape(opened, reshaping.get().profile());
        }
        profile = membership.configuration().profile();
        members = members(membership.configuration());
        for (SimulatedSite site : List.copyOf(run.sites())) {
            if (!members.contains(site)) {
                switchOff(site, membership.configuration());
            }
        }
    }
}
