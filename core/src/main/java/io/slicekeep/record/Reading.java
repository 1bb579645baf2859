package io.slicekeep.record;

import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a name (docs/PROTOCOLS.md 5): lists, judges, fetches copies, writes back what stands on too few sites, and
 * lists again while nothing is decided. One object per reading, confined to one thread.
 */
final class Reading {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Realm realm;
    private final Target target;
    private final Need need;
    private final Deadline deadline;
    private final Caught caught = new Caught();
    private NameLister.Depth depth = NameLister.Depth.NEWEST;
    private boolean fewAreEnough = true;
    private boolean formerAsItIs;

    Reading(Realm realm, Target target, Need need) {
        this.realm = realm;
        this.target = target;
        this.need = need;
        this.deadline = realm.means().tasks().deadline(realm.means().timing().deadline());
    }

    /** As {@link #proven}, but trusts no note: what it returns stands on W sites of this layout. */
    Current standing() throws IOException {
        fewAreEnough = false;
        return proven(list(NameLister.Reach.PROVING, Certainty.PROVEN));
    }

    /**
     * As {@link #standing}, for whoever slices anew what is of a former k: such a value is returned though it may stand on too few
     * sites.
     */
    Current reslicable() throws IOException {
        formerAsItIs = true;
        return standing();
    }

    /** Returns the newest acknowledged value, or one under way that from now on stands. */
    Current proven() throws IOException {
        Views views = list(NameLister.Reach.FEW, Certainty.PROVEN);
        Optional<Verdict> known = known(views);
        if (known.isPresent()) {
            Current current = deliverKnown(known.get(), views);
            if (current != null) {
                return current;
            }
            requireTime();
            return standing();
        }
        return proven(views);
    }

    private Current proven(Views first) throws IOException {
        Views views = first;
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            views.require(Certainty.PROVEN, realm, target, "read");
            Verdict verdict = judge(views);
            Current current = conclude(verdict, views);
            if (current != null) {
                return current;
            }
            depth = NameLister.Depth.ALL;
            requireHope(verdict, views);
            realm.means().tasks().pause(pause);
            views = list(NameLister.Reach.PROVING, Certainty.PROVEN);
        }
    }

    /** Returns the newest value that the sites at hand can serve. */
    Current possiblyStale() throws IOException {
        Views views = list(NameLister.Reach.FEW, Certainty.POSSIBLY_STALE);
        Optional<Verdict> known = known(views);
        if (known.isPresent() || isProving(views)) {
            try {
                Current current = known.isPresent() ? deliverKnown(known.get(), views) : conclude(judge(views), views);
                if (current != null) {
                    return current;
                }
            } catch (UnavailableException e) {
                // It could be read but not written back: below it is returned as what it is, unproven.
            }
        }
        requireTime();
        return newestAtHand(views.complete() ? views : listAll());
    }

    /** As {@link #possiblyStale}, but writes nothing back. */
    Current untouched() throws IOException {
        Views views = listAll();
        Current current = newestAtHand(views);
        boolean proven = judge(views) instanceof Verdict.Current newest
                && isProving(views)
                && stands(newest.seen())
                && current.found()
                        .filter(v -> v.revision().equals(newest.revision()))
                        .isPresent();
        return new Current(current.found(), current.revision(), proven);
    }

    private boolean isProving(Views views) {
        return realm.quorums().answered(views.answering());
    }

    private boolean stands(Collection<Integer> sites) {
        return realm.quorums().written(sites);
    }

    private Views list(NameLister.Reach first, Certainty certainty) throws IOException {
        NameLister.Wish wish = new NameLister.Wish(first, certainty, this::isSettled);
        return new NameLister(realm).list(target.name(), depth, wish, deadline);
    }

    /** Lists again and waits for every site, though enough have answered. */
    private Views listAll() throws IOException {
        NameLister.Wish all = new NameLister.Wish(NameLister.Reach.ALL, Certainty.UNTOUCHED, views -> false);
        return new NameLister(realm).list(target.name(), NameLister.Depth.ALL, all, deadline);
    }

    private Verdict judge(Views views) {
        return Verdict.withinDeadline(views, caught, realm.layout());
    }

    private Optional<Verdict> known(Views views) {
        return fewAreEnough ? Verdict.known(views, realm.layout()) : Optional.empty();
    }

    /** Tells whether further answers could not make the reading cheaper. */
    private boolean isSettled(Views views) {
        if (known(views).isPresent()) {
            return true;
        }
        if (!isProving(views)) {
            return false;
        }
        Verdict verdict = judge(views);
        return verdict instanceof Verdict.Absent
                || (verdict instanceof Verdict.Current current && stands(current.seen()));
    }

    /** Returns what is known to be final; null if its copies are not where few sites were asked. */
    private @Nullable Current deliverKnown(Verdict known, Views views) throws IOException {
        if (!(known instanceof Verdict.Current current)) {
            return inTime(Current.absent(true));
        }
        Hints hints = views.hints(current.revision());
        if (hints.kind() == RecordKind.TOMBSTONE) {
            return inTime(Current.deleted(current.revision(), true));
        }
        Copies copies = fetch(current.revision(), hints, need, holders(current, hints, views), views);
        if (!copies.fulfilled()) {
            copies.close();
            return null;
        }
        return inTime(found(current.revision(), hints, copies, true));
    }

    /** Returns the sites that show a revision and those that may hold it too, since they were not asked or did not answer. */
    private List<Integer> holders(Verdict.Current current, Hints hints, Views views) {
        List<Integer> holders = new ArrayList<>(current.seen());
        realm.layout().sites().stream()
                .map(Site::index)
                .filter(site -> views.of(site).isEmpty())
                .forEach(holders::add);
        if (hints.kind() == RecordKind.INLINE && need == Need.BODY) {
            Collections.sort(holders);
        }
        return holders;
    }

    /** Returns what follows, once it stands on W sites; null if that takes another look. */
    private @Nullable Current conclude(Verdict verdict, Views views) throws IOException {
        if (verdict instanceof Verdict.Absent) {
            return inTime(Current.absent(true));
        }
        return verdict instanceof Verdict.Current current ? deliver(current, views) : null;
    }

    private @Nullable Current deliver(Verdict.Current current, Views views) throws IOException {
        Revision revision = current.revision();
        Hints hints = views.hints(revision);
        boolean stands = stands(current.seen());
        if (stands && hints.kind() == RecordKind.TOMBSTONE) {
            return noted(revision, current.seen(), Current.deleted(revision, true));
        }
        boolean former = hints.isFormer(realm.layout());
        if (former && !stands && !formerAsItIs) {
            throw new FormerSlicesException(target + " stands on too few sites, and what is put now is sliced by k = "
                    + realm.layout().dataSlices() + ": it has to be sliced anew first; repeat 'slicekeep profile set'");
        }
        Copies copies = fetch(revision, hints, stands ? need : Need.BODY, current.seen(), views);
        Set<Integer> standing = new TreeSet<>(current.seen());
        standing.removeAll(caught.at(revision));
        boolean another = !copies.fulfilled() || (stands && !stands(standing));
        try {
            if (!another && former && formerAsItIs) {
                return inTime(found(revision, hints, copies, stands));
            }
            if (!another && !stands(standing)) {
                WriteBack writeBack = new WriteBack(realm, target, standing);
                writeBack.run(copies, hints, WriteBack.Goal.QUORUM, deadline);
                writeBack.requireQuorum();
                standing.addAll(writeBack.reached());
            }
            return another ? null : noted(revision, standing, found(revision, hints, copies, true));
        } catch (IOException | RuntimeException | Error e) {
            copies.close();
            throw e;
        } finally {
            if (another) {
                copies.close();
            }
        }
    }

    /** The revision is final now: the next readers need not find that out again. */
    private Current noted(Revision revision, Collection<Integer> standing, Current current)
            throws UnavailableException {
        Current answer = inTime(current);
        realm.notes().put(realm, target.name(), revision, standing);
        return answer;
    }

    /** No answer counts that comes after the deadline: others act on its never having been given. */
    private Current inTime(Current current) throws UnavailableException {
        if (deadline.passed()) {
            current.close();
            throw late();
        }
        return current;
    }

    /** Sites that are slow have not lost what they hold: nothing may be concluded from what they did not say in time. */
    private void requireTime() throws UnavailableException {
        if (deadline.passed()) {
            throw late();
        }
    }

    private UnavailableException late() {
        return new UnavailableException(target + " could not be read before the deadline");
    }

    private Copies fetch(Revision revision, Hints hints, Need wanted, List<Integer> seen, Views views)
            throws IOException {
        boolean inline = hints.kind() == RecordKind.INLINE;
        int count = inline && wanted == Need.BODY ? hints.dataSlices() : 1;
        Extent extent = inline && wanted == Need.HEAD ? Extent.HEAD : Extent.WHOLE;
        Copies copies = new Copies(realm, new Copies.Order(revision, count, extent), caught);
        copies.fetch(seen, views, deadline);
        if (copies.goodSlices() >= count && !copies.fulfilled()) {
            throw new IntegrityException("no site's key slots of " + target + " open to its secret");
        }
        return copies;
    }

    private static Current found(Revision revision, Hints hints, Copies copies, boolean proven) {
        OpenedRecord opened = copies.opened();
        return opened == null
                ? Current.deleted(revision, proven)
                : Current.of(new Current.Value(revision, hints, opened, copies.slices()), proven);
    }

    private Current newestAtHand(Views views) throws IOException {
        TooFewSlicesException failure = null;
        for (Revision revision : views.revisions()) {
            if (Verdict.isAbsent(revision, views, caught, realm.layout())) {
                continue;
            }
            Hints hints = views.hints(revision);
            if (hints.kind() == RecordKind.TOMBSTONE) {
                return Current.deleted(revision, false);
            }
            Copies copies = fetch(revision, hints, need, views.showing(revision), views);
            if (copies.fulfilled()) {
                return found(revision, hints, copies, false);
            }
            copies.close();
            requireTime();
            failure = failure != null ? failure : tooFew(revision, views, copies.goodSlices());
        }
        if (failure != null) {
            throw failure;
        }
        views.require(Certainty.UNTOUCHED, realm, target, "read, even if possibly stale,");
        return Current.absent(false);
    }

    /** Fails when no waiting can help: what was caught is too much, or time is up. */
    private void requireHope(Verdict verdict, Views views) throws TooFewSlicesException, UnavailableException {
        if (verdict instanceof Verdict.Open open) {
            int found = realm.layout().sliceCount(open.seen());
            int needed = Verdict.copiesNeeded(views.hints(open.revision()), realm.layout());
            boolean damaged = !caught.at(open.revision()).isEmpty();
            boolean acknowledged = Verdict.wasAcknowledged(open.revision(), views, realm.layout());
            boolean hopeless = views.complete() && found + views.failureCount() < needed;
            if ((damaged || acknowledged) && (hopeless || deadline.passed())) {
                throw tooFew(open.revision(), views, found);
            }
        }
        if (deadline.passed()) {
            throw new UnavailableException(
                    "the newest version of " + target + " could not be told before the deadline: "
                            + views.answerCount() + " of "
                            + realm.layout().sites().size() + " sites answered, " + verdict + "; "
                            + Reasons.joined(views.reasons()));
        }
    }

    private TooFewSlicesException tooFew(Revision revision, Views views, int found) {
        int needed = Verdict.copiesNeeded(views.hints(revision), realm.layout());
        List<String> missing = new ArrayList<>();
        for (Site site : realm.layout().sites()) {
            String reason = reason(revision, site, views);
            if (!reason.isEmpty()) {
                missing.add(site.name() + ": " + reason);
            }
        }
        return new TooFewSlicesException(target.shown(), needed, found, missing);
    }

    private String reason(Revision revision, Site site, Views views) {
        IOException held = caught.against(revision, site.index());
        if (held != null) {
            return Reasons.of(held);
        }
        String away = views.reasons().get(site.name());
        if (away != null) {
            return away;
        }
        return views.showing(revision).contains(site.index()) ? "" : "does not have it";
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
}
