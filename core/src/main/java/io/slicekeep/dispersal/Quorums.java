package io.slicekeep.dispersal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Which sets of sites are enough, for what (docs/PROTOCOLS.md 2 and 10). A set consists of sites' indexes in a layout, each at
 * most once. In a joint layout there are several counts, one over the members before and one over those after, each by its own
 * profile, and enough is what is enough by all. Immutable.
 */
public final class Quorums {
    private final List<Count> counts;

    private Quorums(List<Count> counts) {
        this.counts = counts;
    }

    /** The quorums of n members. */
    static Quorums of(Profile profile) {
        return new Quorums(List.of(Count.of(profile, members(0, profile.sites()))));
    }

    /**
     * The quorums between one profile and the next, while a member may leave and site n may come. Where k changes besides, a member was
     * lost meanwhile: what is of the next k was acknowledged already by the members of before, by both profiles.
     */
    static Quorums joint(Profile profile, Profile next, Optional<Leaving> leaving, boolean coming) {
        int moving = leaving.isPresent() || coming ? 1 : 0;
        requireReadable(profile, next, moving);
        requireReadable(next, profile, moving);
        Optional<Leaving> lost = leaving.filter(gone -> gone.departure() == Departure.LOST);
        boolean reslices = next.dataSlices() != profile.dataSlices();
        if (reslices && (leaving.isPresent() || coming) && !(lost.isPresent() && coming)) {
            throw new IllegalArgumentException("k can change only while the sites stay: it is " + profile.dataSlices()
                    + " in " + profile + " and " + next.dataSlices() + " in " + next
                    + "; first add or remove a site with the k of now");
        }
        BitSet before = members(0, profile.sites());
        BitSet after = members(0, profile.sites() + (coming ? 1 : 0));
        leaving.ifPresent(gone -> after.clear(gone.index()));
        if (after.cardinality() != next.sites()) {
            throw new IllegalArgumentException("profile " + next + " is one of " + next.sites()
                    + " sites, one for each slice: sites=" + after.cardinality());
        }
        List<Count> counts = new ArrayList<>();
        counts.add(lost.map(gone -> Count.without(gone.index(), profile, profile.writeQuorum(), before))
                .orElseGet(() -> Count.of(profile, before)));
        if (reslices && lost.isPresent()) {
            int written = Math.max(profile.writeQuorum(), next.writeQuorum());
            counts.add(Count.without(lost.get().index(), next, written, before));
        }
        counts.add(Count.of(next, after));
        return new Quorums(List.copyOf(counts));
    }

    /** What may stand by one count must be met as often as the other one asks, by whoever has enough answers for both. */
    private static void requireReadable(Profile one, Profile other, int moving) {
        int answering = Math.max(one.readQuorum(), other.readQuorum() - moving);
        int met = answering - one.absenceThreshold() + 1;
        if (met <= other.faults()) {
            throw new IllegalArgumentException(
                    "f cannot change so much at once: a read must meet more than f copies: f is " + other.faults()
                            + " in " + other + ", and of what is written by " + one + " it meets " + met);
        }
    }

    private static BitSet members(int from, int to) {
        BitSet members = new BitSet();
        members.set(from, to);
        return members;
    }

    /** Returns the indexes of the members: one set, or those before and those after. A lost one is still among those before. */
    List<BitSet> memberships() {
        return counts.stream().map(Count::members).distinct().toList();
    }

    /**
     * Returns those of these quorums that tell what of some k was not acknowledged. While the profile changes from one k to another,
     * whatever was acknowledged is enough by the count of its own k, and sites that are not enough by that one may be too many to be
     * passed by by the other.
     *
     * @param dataSlices k of what is judged
     * @return all of them while there is one k, or if none is of this one: then it was put by a layout that holds already, or did
     *     long ago
     */
    public Quorums of(int dataSlices) {
        List<Count> own =
                counts.stream().filter(count -> count.dataSlices == dataSlices).toList();
        return own.isEmpty() ? this : new Quorums(own);
    }

    /** Returns each k by which slices may stand: that of before, if it is another one, and last that by which new ones are made. */
    int[] dataSlices() {
        return counts.stream().mapToInt(Count::dataSlices).distinct().toArray();
    }

    /** Returns the greater f. */
    int faults() {
        return counts.stream().mapToInt(Count::faults).max().orElseThrow();
    }

    /**
     * Tells whether a write that stands on these sites is acknowledged: W.
     *
     * @param sites that hold it
     * @return true if they are enough
     */
    public boolean written(Collection<Integer> sites) {
        return byAll(count -> count.of(sites) >= count.write);
    }

    /**
     * Tells whether a read that these sites answered meets every acknowledged write: R.
     *
     * @param sites that answered
     * @return true if they are enough
     */
    public boolean answered(Collection<Integer> sites) {
        return byAll(count -> count.of(sites) >= count.read);
    }

    /**
     * Tells whether what some sites lack was not acknowledged when they were first asked: n - W + 1 + f of them, less those
     * known to be at fault, of whom f may be.
     *
     * @param lacking sites that answered without it
     * @param faulty sites that were caught, none of them lacking
     * @return true if it was not
     */
    public boolean absent(Collection<Integer> lacking, Collection<Integer> faulty) {
        return byAll(count -> count.of(lacking) >= count.absent - Math.min(count.faults, count.of(faulty)));
    }

    /**
     * Tells whether what only other sites show, and was not acknowledged, is passed by whichever R sites answer: n - R of these may be
     * those that do not.
     *
     * @param lacking sites without it
     * @return true if n - W + 1 + f of them always answer
     */
    public boolean outweigh(Collection<Integer> lacking) {
        return byAll(count -> count.of(lacking) - (count.counted.cardinality() - count.read) >= count.absent);
    }

    /**
     * Tells whether these sites meet every acknowledged write at one that does not lie: n - W + 1 + f of them, so that what
     * is newest among them is the newest of all that were acknowledged.
     *
     * @param sites that answered
     * @return true if they do
     */
    public boolean meets(Collection<Integer> sites) {
        return absent(sites, List.of());
    }

    /**
     * Tells whether one of these sites does not lie: f + 1 of them.
     *
     * @param sites that say the same
     * @return true if what they say is so
     */
    public boolean believed(Collection<Integer> sites) {
        return byAll(count -> count.of(sites) > count.faults);
    }

    /**
     * Tells whether sites decide a register: Q.
     *
     * @param sites that agree
     * @return true if they are enough
     */
    public boolean decided(Collection<Integer> sites) {
        return byAll(count -> count.of(sites) >= count.decide);
    }

    /**
     * Tells whether what some sites lack was not decided: n - Q + 1 + f of them.
     *
     * @param lacking sites that answered without it
     * @return true if it was not
     */
    public boolean undecided(Collection<Integer> lacking) {
        return byAll(count -> count.of(lacking) >= count.undecided);
    }

    /**
     * Says how many sites acknowledge a write.
     *
     * @return such as "5", or "5 of the old and 5 of the new"
     */
    public String writers() {
        return words(Count::write);
    }

    /**
     * Says how many sites must answer a read.
     *
     * @return as {@link #writers()}
     */
    public String readers() {
        return words(Count::read);
    }

    /**
     * Says how many sites decide a register.
     *
     * @return as {@link #writers()}
     */
    public String deciders() {
        return words(Count::decide);
    }

    private String words(ToIntFunction<Count> number) {
        int[] numbers = counts.stream().mapToInt(number).toArray();
        int last = numbers.length - 1;
        return last == 0
                ? Integer.toString(numbers[0])
                : Arrays.stream(numbers, 0, last).max().orElseThrow() + " of the old and " + numbers[last]
                        + " of the new";
    }

    private boolean byAll(Predicate<Count> enough) {
        for (Count count : counts) {
            if (!enough.test(count)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Numbers of sites out of one set of members.
     *
     * @param dataSlices k of its profile
     * @param members their indexes, that of a lost one too
     * @param counted those that are counted
     * @param faults f, of those that are counted
     * @param write W
     * @param read R
     * @param absent how many lack what was not acknowledged
     * @param decide Q
     * @param undecided how many lack what was not decided
     */
    private record Count(
            int dataSlices,
            BitSet members,
            BitSet counted,
            int faults,
            int write,
            int read,
            int absent,
            int decide,
            int undecided) {
        static Count of(Profile profile, BitSet members) {
            int sites = profile.sites();
            return new Count(
                    profile.dataSlices(),
                    members,
                    members,
                    profile.faults(),
                    profile.writeQuorum(),
                    profile.readQuorum(),
                    profile.absenceThreshold(),
                    profile.registerQuorum(),
                    sites - profile.registerQuorum() + 1 + profile.faults());
        }

        /**
         * The others of n members, one of which is lost for good. Whatever was acknowledged or decided may have stood there,
         * so it stands on at least W - 1, or Q - 1, of the others; and the loss is one of the f faults, if there are any.
         */
        static Count without(int lost, Profile profile, int written, BitSet members) {
            BitSet others = (BitSet) members.clone();
            others.clear(lost);
            int sites = profile.sites() - 1;
            int faults = Math.max(0, profile.faults() - 1);
            int write = written - 1;
            int read = Profile.readQuorum(sites, write, profile.dataSlices(), faults);
            if (read > sites) {
                throw new IllegalArgumentException("what a write acknowledged may be lost with the site: it takes "
                        + read + " of the " + sites + " others to know it: profile=" + profile);
            }
            return new Count(
                    profile.dataSlices(),
                    members,
                    others,
                    faults,
                    write,
                    read,
                    sites - write + 1 + faults,
                    Profile.registerQuorum(sites, faults),
                    sites - (profile.registerQuorum() - 1) + 1 + faults);
        }

        int of(Collection<Integer> sites) {
            int found = 0;
            for (int site : sites) {
                found += counted.get(site) ? 1 : 0;
            }
            return found;
        }
    }
}
