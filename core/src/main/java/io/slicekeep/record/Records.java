package io.slicekeep.record;

import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.SupersededException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     * @param layout where they lie
     * @param format how they are keyed and written
     * @param code slices inline objects
     * @param means tasks, randomness and time limits
     */
    public Records(Layout layout, RecordFormat format, ErasureCode code, Means means) {
        this.realm = new Realm(layout, format, new InlineCode(code), means);
    }

    /**
     * Returns how inline objects are sliced.
     *
     * @return the code
     */
    public InlineCode inlineCode() {
        return realm.code();
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
        return certainty == Certainty.PROVEN ? reading.proven() : reading.possiblyStale();
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
        Deadline deadline = deadline();
        Views views = newest(target, deadline);
        long newest = views.newest().map(Revision::counter).orElse(-1L);
        long counter = Math.max(newest + 1, tasks().wallMicros());
        if (counter < 0 || counter > Revision.MAX_COUNTER) {
            throw new UnavailableException(target + " cannot be written: its counter, or the clock, is out of range");
        }
        // A fresh writer id per operation: two writes of one process that choose one counter are two revisions too.
        Revision revision = new Revision(counter, WriterId.random(realm.means().random()), 0);
        return new WriteTicket(target, revision, views, deadline);
    }

    /**
     * Records a revision at all sites. An upload that used up half of its time looks again first: if a newer revision stands,
     * nothing is recorded, since a head older than one that was seen could outlive the purge of a tombstone.
     *
     * @param ticket from {@link #begin}
     * @param records of the ticket's revision
     * @param hints what their keys shall tell
     * @return the sites that do not hold it (yet): name to reason
     * @throws SupersededException if a newer revision stands; nothing was recorded
     * @throws UnavailableException if fewer than W sites could take it; nothing was recorded
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not become visible
     * @throws IOException if nothing was recorded
     */
    public Map<String, String> commit(WriteTicket ticket, RecordSet records, Hints hints) throws IOException {
        renew(ticket);
        int attempt = RecordFormat.drawAttempt(realm.means().random());
        RecordPut put = new RecordPut(
                realm.format().key(ticket.target().name(), ticket.revision(), attempt, hints),
                records,
                ticket.deadline());
        return new Writing(realm, ticket.target(), put, ticket.deadline()).run();
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
                && ticket.views().showing(revision).size() >= realm.profile().writeQuorum();
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
     * Reads each site's copy of a revision whole, and changes nothing.
     *
     * @param inventory what the sites list
     * @param revision which version
     * @return for each site that lists it and whose copy is not what was written or cannot be read, why
     * @throws IOException if the thread is interrupted
     */
    public Map<Integer, IOException> verify(Inventory inventory, Revision revision) throws IOException {
        Map<Integer, IOException> bad = new HashMap<>();
        inventory.sites().forEach((index, atSite) -> {
            if (!atSite.attemptsAt(revision).isEmpty()) {
                bad.put(index, new UnavailableException("has not answered in time"));
            }
        });
        for (Outcome<StoredRecord> copy : copies(inventory, revision, Extent.WHOLE)) {
            bad.remove(copy.index());
            IOException failure = copy.failure();
            if (failure != null) {
                bad.put(copy.index(), failure);
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
        for (Outcome<StoredRecord> copy : copies(inventory, revision, Extent.HEAD)) {
            if (copy.failure() == null) {
                return Optional.of(copy.get().common().content());
            }
        }
        return Optional.empty();
    }

    /** Reads all copies of a revision, as far as their sites answer in time. */
    private List<Outcome<StoredRecord>> copies(Inventory inventory, Revision revision, Extent extent)
            throws IOException {
        List<Outcome<StoredRecord>> copies = new ArrayList<>();
        CopyReader reader = new CopyReader(realm, extent);
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
                copies.add(outcome);
                outcome = group.next(deadline);
            }
        }
        return copies;
    }

    /**
     * Puts a tombstone, which stands on W sites, at those that missed it, as far as they can be reached.
     *
     * @param target the name
     * @param tombstone the tombstone's revision
     * @throws IOException if no copy of it can be read
     */
    public void complete(Target target, Revision tombstone) throws IOException {
        Deadline deadline = deadline();
        Views views = new NameLister(realm)
                .list(target.name(), NameLister.Depth.NEWEST, realm.profile().readQuorum(), all -> false, deadline);
        List<Integer> seen = views.showing(tombstone);
        if (seen.isEmpty() || seen.size() == realm.layout().sites().size()) {
            return;
        }
        try (Copies copies = new Copies(realm, new Copies.Order(tombstone, 1, Extent.WHOLE), new Caught())) {
            copies.fetch(seen, views, deadline);
            if (copies.fulfilled()) {
                new WriteBack(realm, target, Set.copyOf(seen))
                        .run(
                                copies,
                                views.hints(tombstone),
                                realm.layout().sites().size(),
                                deadline);
            }
        }
    }

    private void renew(WriteTicket ticket) throws IOException {
        long halfNanos = realm.means().timing().deadline().toNanos() / 2;
        if (ticket.deadline().remainingNanos() >= halfNanos) {
            return;
        }
        Deadline deadline = deadline();
        Optional<Revision> newest = newest(ticket.target(), deadline).newest();
        if (newest.isPresent() && newest.get().isNewerThan(ticket.revision())) {
            throw new SupersededException(
                    ticket.target() + " was not written: during its upload a newer version, " + newest.get() + ", was");
        }
        ticket.renew(deadline);
    }

    private Views newest(Target target, Deadline deadline) throws IOException {
        int readQuorum = realm.profile().readQuorum();
        Views views = new NameLister(realm)
                .list(target.name(), NameLister.Depth.NEWEST, readQuorum, enough -> true, deadline);
        views.require(readQuorum, target, "write");
        return views;
    }

    private Deadline deadline() {
        return tasks().deadline(realm.means().timing().deadline());
    }

    private Tasks tasks() {
        return realm.means().tasks();
    }
}
