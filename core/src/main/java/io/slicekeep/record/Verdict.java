package io.slicekeep.record;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Quorums;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What follows from the views of R sites (docs/PROTOCOLS.md 5). Immutable. */
sealed interface Verdict {
    /** Returns the newest revision that may have been acknowledged; empty if there is none, or it is not known. */
    default Optional<Revision> newest() {
        if (this instanceof Current current) {
            return Optional.of(current.revision());
        }
        return this instanceof Open open ? Optional.of(open.revision()) : Optional.empty();
    }

    /** No revision was acknowledged when the read began. */
    record Absent() implements Verdict {}

    /**
     * The newest revision that may have been acknowledged, with enough copies to return it.
     *
     * @param revision which
     * @param seen the sites that show it and were not caught
     */
    record Current(Revision revision, List<Integer> seen) implements Verdict {
        public Current {
            seen = List.copyOf(seen);
        }
    }

    /**
     * A revision that may have been acknowledged, without enough copies in sight.
     *
     * @param revision which
     * @param seen the sites that show it and were not caught
     */
    record Open(Revision revision, List<Integer> seen) implements Verdict {
        public Open {
            seen = List.copyOf(seen);
        }
    }

    /** Everything in sight is ruled out, but a site's listing was not read to its end. */
    record CutShort() implements Verdict {}

    /**
     * Judges by few sites (docs/PROTOCOLS.md 5, Cheap path): they meet whatever was acknowledged, so nothing newer was than
     * what they show; a note says that this is final, and so many show it that it did not come back after a purge.
     *
     * @return the newest revision or that there is none; empty if it takes more sites to tell
     */
    static Optional<Verdict> known(Views views, Layout layout) {
        if (!layout.quorums().meets(views.answering())) {
            return Optional.empty();
        }
        Optional<Revision> newest = views.newest();
        if (newest.isEmpty()) {
            return views.whole() ? Optional.of(new Absent()) : Optional.empty();
        }
        List<Integer> seen = views.showing(newest.get());
        boolean known = views.isNoted(newest.get()) && layout.quorums().believed(seen);
        return known ? Optional.of(new Current(newest.get(), seen)) : Optional.empty();
    }

    /**
     * Judges, from the newest revision down.
     *
     * <p>Absence goes first: a revision that n - W + 1 + f sites lack was not acknowledged when the reading began, whatever
     * else shows it, and passing it by needs no writing. Copies do not decide: "the newest with enough copies, else the next
     * older" returns an old value while a newer acknowledged one hides behind sites that are away.
     */
    static Verdict of(Views views, Caught caught, Layout layout) {
        return of(views, caught, layout, revision -> isAbsent(revision, views, caught, layout));
    }

    /**
     * Judges listings all of which were made within D of the first one's beginning. Whatever was acknowledged before that still
     * stands where it stood: an older revision is deleted only D after a newer one was seen final, and one that was final
     * before is not passed by. So a site that shows only newer ones, all of them passed by, lacks what is judged.
     */
    static Verdict withinDeadline(Views views, Caught caught, Layout layout) {
        return of(views, caught, layout, revision -> {
            List<Integer> lacking = without(caught.at(revision), views.notShowing(revision));
            return isAbsent(revision, lacking, caught, views, layout);
        });
    }

    private static Verdict of(Views views, Caught caught, Layout layout, Predicate<Revision> absent) {
        for (Revision revision : views.revisions()) {
            if (absent.test(revision)) {
                continue;
            }
            List<Integer> seen = without(caught.at(revision), views.showing(revision));
            int needed = copiesNeeded(views.hints(revision), layout);
            boolean enough = layout.sliceCount(seen) >= needed;
            return enough ? new Current(revision, seen) : new Open(revision, seen);
        }
        return views.whole() ? new Absent() : new CutShort();
    }

    /**
     * Tells whether a revision that sites lack was acknowledged nevertheless, since a note beside it says so: more sites show it
     * than may replay it after a purge. A tombstone that is being purged is no loss.
     */
    static boolean wasAcknowledged(Revision revision, Views views, Layout layout) {
        return views.isNoted(revision)
                && layout.quorums().believed(views.showing(revision))
                && views.hints(revision).kind() != RecordKind.TOMBSTONE;
    }

    /** Tells whether a revision was certainly not acknowledged when the reading began. */
    static boolean isAbsent(Revision revision, Views views, Caught caught, Layout layout) {
        List<Integer> lacking = without(caught.at(revision), views.lacking(revision));
        return isAbsent(revision, lacking, caught, views, layout);
    }

    private static boolean isAbsent(
            Revision revision, List<Integer> lacking, Caught caught, Views views, Layout layout) {
        Hints hints = views.hints(revision);
        Quorums quorums = hints.kind() == RecordKind.TOMBSTONE
                ? layout.quorums()
                : layout.quorums().of(hints.dataSlices());
        return quorums.absent(lacking, caught.faultyAt(revision)) && !wasAcknowledged(revision, views, layout);
    }

    /** A site that was caught may say one thing now and another in the next listing: it counts for neither. */
    private static List<Integer> without(Set<Integer> caught, List<Integer> sites) {
        return sites.stream().filter(site -> !caught.contains(site)).toList();
    }

    /**
     * Returns how many copies must be in sight: k slices, or one more than may lie. Copies of one slice, at the site that
     * leaves and at the one that takes its place, are as good as one: they are never in one count of members.
     */
    static int copiesNeeded(Hints hints, Layout layout) {
        return hints.kind() == RecordKind.INLINE ? hints.dataSlices() : layout.faults() + 1;
    }
}
