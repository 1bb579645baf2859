package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.SupersededException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records of one namespace: named values, the newest of which every reader agrees on (docs/PROTOCOLS.md 3 to 5).
 * Thread-safe; every operation is an object of its own.
 *
 * <p>A write lists R sites, chooses a revision above all it saw, and is acknowledged when W sites hold it. A read lists R
 * sites and returns the newest revision that may have been acknowledged, after making sure that W sites hold it. W and R are
 * such that a read meets every acknowledged write at enough honest sites to rebuild it. Time decides nothing: it bounds how
 * late a put may be sent, so that others can one day delete what is older and know that it will not come back.
 */
public final class Records {
    private final Realm realm;

    /**
     * Creates the records of a namespace.
     *
     * @param layouts tells where they lie now
     * @param format how they are keyed and written
     * @param codes slice inline objects
     * @param means tasks, randomness and time limits
     */
    public Records(Layouts layouts, RecordFormat format, InlineCodes codes, Means means) {
        this(new Realm(layouts.latest(), format, codes, means, new Notes(layouts)));
    }

    private Records(Realm realm) {
        this.realm = realm;
    }

    /**
     * Returns the same records as another layout shows them.
     *
     * @param layout where they lie
     * @return the records
     */
    public Records under(Layout layout) {
        return new Records(new Realm(layout, realm.format(), realm.codes(), realm.means(), realm.notes()));
    }

    /**
     * Returns how inline objects are sliced.
     *
     * @param dataSlices k
     * @return the code
     */
    public InlineCode inlineCode(int dataSlices) {
        return realm.code(dataSlices);
    }

    /**
     * Reads a name.
     *
     * @param target the name
     * @param need what for
     * @param certainty what the caller insists on
     * @return what was found, to be closed by the caller
     * @throws TooFewSlicesException if too few good copies remain
     * @throws UnavailableException if too few sites answered, or it could not be decided in time
     * @throws IOException if it cannot be read
     */
    public Current read(Target target, Need need, Certainty certainty) throws IOException {
        Reading reading = new Reading(realm, target, need);
        return switch (certainty) {
            case PROVEN -> reading.proven();
            case POSSIBLY_STALE -> reading.possiblyStale();
            case UNTOUCHED -> reading.untouched();
        };
    }

    /**
     * Reads what a record says, and makes sure that it stands on W sites of this layout. A note does not tell that: it may be of
     * an older layout.
     *
     * @param target the name
     * @return what was found, to be closed by the caller
     * @throws IOException as {@link #read} does
     */
    public Current readStanding(Target target) throws IOException {
        return new Reading(realm, target, Need.HEAD).standing();
    }

    /**
     * Reads a name as {@link #readStanding} does, for whoever slices it anew: a value of a former k is returned with all its slices,
     * though it may stand on too few sites.
     *
     * @param target the name
     * @return what was found, to be closed by the caller
     * @throws IOException as {@link #read} does
     */
    public Current readReslicable(Target target) throws IOException {
        return new Reading(realm, target, Need.BODY).reslicable();
    }

    /**
     * Puts the next generation of a revision, which says the same, if that is the newest still. Whoever else does so puts the same.
     *
     * @param target the name
     * @param former the revision
     * @param records of its next generation
     * @param hints what their keys shall tell
     * @throws UnavailableException if another one is the newest by now, or too few sites took it
     * @throws IOException if it cannot be put
     */
    public void succeed(Target target, Revision former, RecordSet records, Hints hints) throws IOException {
        Deadline deadline = deadline();
        Views views = new NameLister(realm).list(target.name(), NameLister.Depth.ALL, enough(), deadline);
        views.require(Certainty.PROVEN, realm, target, "slice anew");
        Revision next = records.common().revision();
        Verdict verdict = Verdict.withinDeadline(views, new Caught(), realm.layout());
        if (verdict.newest()
                .filter(newest -> newest.equals(former) || newest.equals(next))
                .isEmpty()) {
            throw new UnavailableException(target + " was written while it was sliced anew: repeat it");
        }
        WriteBack put = new WriteBack(realm, target, Set.copyOf(views.showing(next)));
        put.put(records, hints, WriteBack.Goal.QUORUM, deadline);
        put.requireQuorum();
        if (deadline.passed()) {
            throw new UnavailableException(target + " could not be sliced anew before the deadline");
        }
        realm.notes().put(realm, target.name(), next, put.reached());
    }

    /**
     * Begins a write: chooses its revision from what R sites list. From now on the deadline runs.
     *
     * @param target the name
     * @return the ticket to record it with
     * @throws UnavailableException if fewer than R sites answer; nothing was written
     * @throws IOException if it cannot begin
     */
    public WriteTicket begin(Target target) throws IOException {
        return begin(target, -1);
    }

    /**
     * Begins a deletion. All sites are listed, not R: a put that was killed may have left its record at few.
     *
     * @param target the name
     * @return the ticket to record it with
     * @throws UnavailableException if fewer than R sites answer; nothing was written
     * @throws IOException if it cannot begin
     */
    public WriteTicket beginDeletion(Target target) throws IOException {
        Deadline deadline = deadline();
        return begin(target, -1, newest(target, NameLister.Wish.ALL, deadline), deadline);
    }

    /**
     * Begins a write that must be newer than what was seen elsewhere than at the R sites that are listed.
     *
     * @param target the name
     * @param seenCounter the counter of what was seen
     * @return the ticket to record it with
     * @throws UnavailableException if fewer than R sites answer; nothing was written
     * @throws IOException if it cannot begin
     */
    public WriteTicket begin(Target target, long seenCounter) throws IOException {
        Deadline deadline = deadline();
        return begin(target, seenCounter, newest(target, enough(), deadline), deadline);
    }

    private WriteTicket begin(Target target, long seenCounter, Views views, Deadline deadline) throws IOException {
        long newest =
                Math.max(seenCounter, views.newest().map(Revision::counter).orElse(-1L));
        long counter = Math.max(newest + 1, tasks().wallMicros());
        if (counter < 0 || counter > Revision.MAX_COUNTER) {
            throw new UnavailableException(target + " cannot be written: its counter, or the clock, is out of range");
        }
        // A fresh writer id per operation: two writes of one process that choose one counter are two revisions too.
        Revision revision = new Revision(counter, WriterId.random(realm.means().random()), 0);
        Deadline uploadEnd = tasks().deadline(realm.means().timing().longestUpload());
        return new WriteTicket(target, revision, views, deadline, uploadEnd);
    }

    /**
     * Gives an upload that used up half of its time the whole time again, from now on. It looks again first: if a newer revision
     * stands, nothing may be recorded, since a head older than one that was seen could outlive the purge of a tombstone. And what was
     * made sure of before, such as the layout, has to be once more: others count with its being so for no longer than that time.
     *
     * @param ticket from {@link #begin}
     * @return false if the time was enough and goes on
     * @throws SupersededException if a newer revision stands
     * @throws UnavailableException if the upload took too long, or fewer than R sites answer
     * @throws IOException if it cannot look
     */
    public boolean renew(WriteTicket ticket) throws IOException {
        if (ticket.uploadEnd().passed()) {
            throw new UnavailableException(ticket.target() + " was not written: its upload took longer than "
                    + realm.means().timing().longestUpload());
        }
        long halfNanos = realm.means().timing().deadline().toNanos() / 2;
        if (ticket.deadline().remainingNanos() >= halfNanos) {
            return false;
        }
        Deadline deadline = deadline();
        Optional<Revision> newest = newest(ticket.target(), enough(), deadline).newest();
        if (newest.isPresent() && newest.get().isNewerThan(ticket.revision())) {
            throw new SupersededException(
                    ticket.target() + " was not written: during its upload a newer version, " + newest.get() + ", was");
        }
        ticket.renew(deadline);
        return true;
    }

    /**
     * Records a revision at all sites.
     *
     * @param ticket from {@link #begin}
     * @param records of the ticket's revision
     * @param hints what their keys shall tell
     * @return the sites that do not hold it (yet): name to reason
     * @throws UnavailableException if fewer than W sites could take it; nothing was recorded
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not become visible
     * @throws IOException if nothing was recorded
     */
    public Map<String, String> commit(WriteTicket ticket, RecordSet records, Hints hints) throws IOException {
        int attempt = RecordFormat.drawAttempt(realm.means().random());
        RecordPut put = new RecordPut(
                realm.format().key(ticket.target().name(), ticket.revision(), attempt, hints),
                records,
                ticket.deadline());
        Writing writing = new Writing(realm, ticket.target(), put, ticket.deadline());
        Map<String, String> missing = writing.run();
        realm.notes().put(realm, ticket.target().name(), ticket.revision(), writing.standing());
        return missing;
    }

    /**
     * Returns the tombstone that a deletion found standing on W sites, or nothing at all: then there is nothing to write.
     *
     * @param ticket from {@link #begin}
     * @return true if no newer value can have been acknowledged
     */
    public boolean isDeleted(WriteTicket ticket) {
        Optional<Revision> newest = ticket.views().newest();
        if (newest.isEmpty()) {
            return ticket.views().whole();
        }
        Revision revision = newest.get();
        return ticket.views().hints(revision).kind() == RecordKind.TOMBSTONE
                && realm.quorums().written(ticket.views().showing(revision));
    }

    /**
     * Scans the names beneath a directory.
     *
     * @param prefix {@link RecordFormat#recordsIn} or {@link RecordFormat#longNamesIn}
     * @param shown how messages call it
     * @param certainty what the caller insists on
     * @return a scan that stands before the first name
     */
    public NameScan scan(KeyPrefix prefix, String shown, Certainty certainty) {
        return new NameScan(realm, prefix, shown, certainty);
    }

    /**
     * Scans the blobs of sliced objects.
     *
     * @return a scan that stands before the first blob
     */
    public BlobScan blobs() {
        return new BlobScan(realm);
    }

    /**
     * Opens a record that a scan found.
     *
     * @param entry from a scan
     * @return the record, to be closed by the caller; empty if it was deleted since, at all sites that listed it
     * @throws TooFewSlicesException if no site can serve it
     * @throws IOException if it cannot be read
     */
    public Optional<OpenedRecord> open(NameScan.Entry entry) throws IOException {
        Revision revision = entry.newest().revision();
        List<Integer> showing = entry.views().showing(revision);
        Caught caught = new Caught();
        Copies copies = new Copies(realm, new Copies.Order(revision, 1, Extent.HEAD), caught);
        copies.fetch(showing, entry.views(), deadline());
        boolean gone =
                showing.stream().allMatch(site -> caught.against(revision, site) instanceof BlobNotFoundException);
        if (copies.opened() == null && !gone) {
            List<String> missing = showing.stream()
                    .map(site -> realm.layout().sites().get(site) + ": "
                            + (copies.good().containsKey(site)
                                    ? "its key slots do not open"
                                    : Reasons.of(caught.against(revision, site))))
                    .toList();
            throw new TooFewSlicesException("the record of a long name, version " + revision, 1, 0, missing);
        }
        return Optional.ofNullable(copies.opened());
    }

    /**
     * Lists everything that the sites have of a name.
     *
     * @param target the name
     * @return what each site lists
     * @throws IOException if the thread is interrupted
     */
    public Inventory inventory(Target target) throws IOException {
        return new InventoryTaker(realm)
                .take(
                        target.name(),
                        tasks().deadline(realm.means().timing().patience().siteTimeout()));
    }

    /**
     * A copy that is not what was written, or could not be read.
     *
     * @param site where it stands
     * @param key its key
     * @param why what is wrong with it
     */
    public record BadCopy(int site, BlobKey key, IOException why) {}

    /**
     * Reads all copies of a revision whole, and changes nothing.
     *
     * @param inventory what the sites list
     * @param revision which version
     * @return the bad ones
     * @throws IOException if the thread is interrupted
     */
    public List<BadCopy> verify(Inventory inventory, Revision revision) throws IOException {
        Map<Integer, List<BadCopy>> bad = new TreeMap<>();
        CopyReader reader = new CopyReader(realm, Extent.WHOLE);
        try (TaskGroup<List<BadCopy>> group = tasks().group()) {
            inventory.sites().forEach((index, atSite) -> {
                List<ListedRecord> attempts = atSite.attemptsAt(revision);
                UnavailableException late = new UnavailableException("has not answered in time");
                bad.put(
                        index,
                        attempts.stream()
                                .map(at -> new BadCopy(index, at.key(), late))
                                .toList());
                group.fork(index, () -> badOnes(reader, realm.layout().sites().get(index), attempts));
            });
            Deadline deadline = deadline();
            Outcome<List<BadCopy>> outcome = group.next(deadline);
            while (outcome != null) {
                if (outcome.failure() == null) {
                    bad.put(outcome.index(), outcome.get());
                }
                outcome = group.next(deadline);
            }
        }
        return bad.values().stream().flatMap(List::stream).toList();
    }

    private static List<BadCopy> badOnes(CopyReader reader, Site site, List<ListedRecord> attempts) {
        List<BadCopy> bad = new ArrayList<>();
        for (ListedRecord attempt : attempts) {
            try {
                reader.read(site, List.of(attempt));
            } catch (IOException e) {
                bad.add(new BadCopy(site.index(), attempt.key(), e));
            }
        }
        return bad;
    }

    /**
     * Reads what a revision consists of.
     *
     * @param inventory what the sites list
     * @param revision which version
     * @return its content as the first good copy tells it; empty if no site has one
     * @throws IOException if the thread is interrupted
     */
    public Optional<Content> content(Inventory inventory, Revision revision) throws IOException {
        CopyReader reader = new CopyReader(realm, Extent.HEAD);
        try (TaskGroup<StoredRecord> group = tasks().group()) {
            inventory.sites().forEach((index, atSite) -> {
                List<ListedRecord> attempts = atSite.attemptsAt(revision);
                if (!attempts.isEmpty()) {
                    group.fork(index, () -> reader.read(realm.layout().sites().get(index), attempts));
                }
            });
            Deadline deadline = deadline();
            Outcome<StoredRecord> outcome = group.next(deadline);
            while (outcome != null) {
                if (outcome.failure() == null) {
                    return Optional.of(outcome.get().common().content());
                }
                outcome = group.next(deadline);
            }
            return Optional.empty();
        }
    }

    /**
     * Puts a tombstone, which stands on W sites, at those that missed it, as far as they can be reached.
     *
     * @param target the name
     * @param tombstone the tombstone's revision
     * @return for each site that does not hold it now, why
     * @throws IOException if no copy of it can be read
     */
    public Map<Integer, IOException> complete(Target target, Revision tombstone) throws IOException {
        Deadline deadline = deadline();
        Views views = new NameLister(realm).list(target.name(), NameLister.Depth.NEWEST, NameLister.Wish.ALL, deadline);
        List<Integer> seen = views.showing(tombstone);
        WriteBack writeBack = new WriteBack(realm, target, Set.copyOf(seen));
        if (!seen.isEmpty() && seen.size() < realm.layout().sites().size()) {
            try (Copies copies = new Copies(realm, new Copies.Order(tombstone, 1, Extent.WHOLE), new Caught())) {
                copies.fetch(seen, views, deadline);
                if (copies.fulfilled()) {
                    writeBack.run(copies, views.hints(tombstone), WriteBack.Goal.ALL, deadline);
                }
            }
        }
        return writeBack.lacking();
    }

    /**
     * Puts a revision that stands on W sites at those that have no good copy of it. A bad copy stays beside the new one.
     *
     * @param target the name
     * @param revision which version
     * @param lacking the sites that list no copy, or only bad ones
     * @return for each site that does not hold it now, why
     * @throws UnavailableException if no site shows the revision any more, since a newer one replaced it
     * @throws IOException if too few good copies can be read
     */
    public Map<Integer, IOException> restore(Target target, Revision revision, Set<Integer> lacking)
            throws IOException {
        Deadline deadline = deadline();
        Views views = new NameLister(realm).list(target.name(), NameLister.Depth.ALL, NameLister.Wish.ALL, deadline);
        List<Integer> good = new ArrayList<>(views.showing(revision));
        if (good.isEmpty()) {
            throw new UnavailableException(target + " was replaced while it was repaired: repair it again");
        }
        good.removeAll(lacking);
        Hints hints = views.hints(revision);
        int count = Verdict.copiesNeeded(hints, realm.layout());
        WriteBack writeBack = new WriteBack(realm, target, Set.copyOf(good));
        try (Copies copies = new Copies(realm, new Copies.Order(revision, count, Extent.WHOLE), new Caught())) {
            copies.fetch(good, views, deadline);
            if (!copies.fulfilled()) {
                throw new TooFewSlicesException(
                        target + ", version " + revision,
                        count,
                        copies.goodSlices(),
                        views.without(copies.good().keySet()));
            }
            writeBack.run(copies, hints, WriteBack.Goal.ALL, deadline);
        }
        return writeBack.lacking();
    }

    /** R sites. */
    private NameLister.Wish enough() {
        return new NameLister.Wish(
                NameLister.Reach.PROVING, Certainty.PROVEN, views -> realm.enough(Certainty.PROVEN, views.answering()));
    }

    private Views newest(Target target, NameLister.Wish wish, Deadline deadline) throws IOException {
        Views views = new NameLister(realm).list(target.name(), NameLister.Depth.NEWEST, wish, deadline);
        views.require(Certainty.PROVEN, realm, target, "write");
        return views;
    }

    private Deadline deadline() {
        return tasks().deadline(realm.means().timing().deadline());
    }

    private Tasks tasks() {
        return realm.means().tasks();
    }
}
