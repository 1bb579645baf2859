package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Which sites may do what in one run, so that whatever goes wrong is a broken promise (docs/PROTOCOLS.md 1, 2): up to f lie or
 * rot, or as many as an acknowledged write outlives rot where none lies, for rot is seen and hides nothing; besides, sites are
 * lost, as long as in all W - k are spoilt at most and R remain. Being away, full or slow is not limited: it must never do worse
 * than make an operation fail. Immutable.
 *
 * @param liars may answer anything, and come back with old data
 * @param losable may come back empty, and count as away from then on
 * @param rotting may hold blobs with flipped bits
 */
record FaultBudget(Set<Integer> liars, Set<Integer> losable, Set<Integer> rotting) {
    static FaultBudget draw(Profile profile, SplittableRandom draws) {
        List<Integer> sites = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            sites.add(draws.nextInt(i + 1), i);
        }
        int left = profile.writeQuorum() - profile.dataSlices();
        Set<Integer> liars = take(sites, Math.min(profile.faults(), draws.nextInt(4) == 0 ? 0 : left));
        left -= liars.size();
        int spare = Math.min(left, profile.sites() - profile.readQuorum());
        Set<Integer> losable = take(sites, draws.nextInt(spare + 1));
        Set<Integer> rotting = liars.isEmpty() ? take(sites, left - losable.size()) : liars;
        return new FaultBudget(liars, losable, rotting);
    }

    /** Tells whether no more goes wrong than another profile of as many sites survives. */
    boolean fits(Profile profile) {
        int spoilt = losable.size() + (liars.isEmpty() ? rotting : liars).size();
        return liars.size() <= profile.faults()
                && spoilt <= profile.writeQuorum() - profile.dataSlices()
                && losable.size() <= profile.sites() - profile.readQuorum();
    }

    /** Tells whether what a site shows cannot be relied on. */
    boolean mayFail(int site) {
        return liars.contains(site) || losable.contains(site) || rotting.contains(site);
    }

    private static Set<Integer> take(List<Integer> sites, int count) {
        List<Integer> first = sites.subList(0, count);
        Set<Integer> taken = new TreeSet<>(first);
        first.clear();
        return taken;
    }
}
