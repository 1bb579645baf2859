package io.slicekeep.register;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Means;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.WriterId;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Agreement of n sites that only create and list: Disk Paxos (Gafni and Lamport, 2003) with immutable blobs, whose proposers
 * need not know each other. Thread-safe.
 *
 * <p>In each of two phases a blob is put at every site, and after a site's acknowledgement that site is listed; Q sites that
 * show no higher ballot end the phase. Of two ballots, at some honest site that both sets of Q have in common, either the lower
 * one's blob came before the higher one's listing, and the higher one takes over its value, or the higher one's came before the
 * lower one's second listing, and the lower one is not decided. Late blobs, and listings in pages, change nothing in that.
 *
 * <p>The sites may change. No value is put for a ballot that was not open while its sites were still those that decide: so
 * whoever brings all registers to new sites, later, meets each ballot that may ever have a value, and decides above it.
 */
final class SiteAgreement implements Agreement {
    private static final byte[] EMPTY = {};

    private final Layouts layouts;
    private final RegisterFormat format;
    private final RegisterId id;
    private final RegisterBlobs blobs;
    private final Means means;

    SiteAgreement(Layouts layouts, RegisterFormat format, RegisterId id, Means means) {
        this.layouts = layouts;
        this.format = format;
        this.id = id;
        this.blobs = new RegisterBlobs(format, id);
        this.means = means;
    }

    @Override
    public Optional<Contents> settled(Deadline deadline) throws IOException {
        Layout layout = layouts.confirmed();
        Poll poll = poll(layout);
        Optional<Contents> contents = poll.run(
                site -> blobs.listTwice(site.store()), Poll.Rest.STOPS, () -> settled(poll, deadline), deadline);
        if (!holds(layout)) {
            return Optional.empty();
        }
        poll.requireQuorum(this + " was not read");
        return contents;
    }

    private boolean holds(Layout layout) throws IOException {
        return layouts.confirmed().epoch() == layout.epoch();
    }

    private void requireHolds(Layout layout, Ballot ballot) throws IOException {
        if (!holds(layout)) {
            throw new ContendedException("other sites decide by now", ballot.number());
        }
    }

    /** What Q sites show as the last is decided; and what Q sites do not have, nobody was told of. */
    private Optional<Contents> settled(Poll poll, Deadline deadline) throws IOException {
        if (poll.decided(answer -> answer.keys().stream().noneMatch(RegisterKey::isAccepted))) {
            return Optional.of(Contents.NOTHING);
        }
        for (RegisterKey value : poll.values()) {
            if (poll.decided(answer -> answer.endsWith(value))) {
                return poll.fetch(value, blobs, deadline);
            }
        }
        return Optional.empty();
    }

    @Override
    public Sighting sight(Deadline deadline) throws IOException {
        Poll poll = poll(layouts.latest());
        Optional<Contents> settled =
                poll.run(site -> blobs.list(site.store()), Poll.Rest.STOPS, () -> settled(poll, deadline), deadline);
        if (settled.isPresent()) {
            return settled.get().sighted(Sighting.Grade.DECIDED);
        }
        poll.requireAny(this + " was not read");
        Sighting.Grade grade = poll.hasQuorum() ? Sighting.Grade.UNDECIDED : Sighting.Grade.POSSIBLY_STALE;
        for (RegisterKey value : poll.values()) {
            Optional<Contents> contents = poll.fetch(value, blobs, deadline);
            if (contents.isPresent()) {
                return contents.get().sighted(grade);
            }
        }
        return Contents.NOTHING.sighted(grade);
    }

    @Override
    public Round open(long above, Witness witness, Deadline deadline) throws IOException {
        Layout layout = layouts.confirmed();
        Ballot ballot = ballot(above);
        RegisterKey bid = format.key(id, ballot, Phase.BID);
        Poll poll = poll(layout);
        Optional<Found> found =
                poll.run(site -> bid(site, bid), Poll.Rest.GOES_ON, () -> newest(poll, ballot, deadline), deadline);
        requireHolds(layout, ballot);
        poll.requireQuorum(this + " was not opened");
        if (!witness.equals(Witness.NONE)) {
            showAll(poll, witness, ballot, deadline);
        }
        return new Bid(
                layout,
                ballot,
                found.orElseThrow(() -> new ContendedException("its newest value could not be read", ballot.number())));
    }

    /** One that no site serves has to be seen too, unless enough lack it. */
    private void showAll(Poll poll, Witness witness, Ballot ballot, Deadline deadline) throws IOException {
        for (RegisterKey value : poll.values()) {
            Optional<Contents> contents = poll.fetch(value, blobs, deadline);
            if (contents.isPresent()) {
                witness.sees(contents.get().state());
            } else if (!poll.undecided(value)) {
                throw new ContendedException("a value that is shown could not be read", ballot.number());
            }
        }
    }

    /** A value, and the ballot that it was put for. */
    private record Found(Ballot ballot, Contents contents) {}

    /** Returns the value of the highest ballot that may be decided. One that no site serves may, unless enough lack it. */
    private Optional<Found> newest(Poll poll, Ballot ballot, Deadline deadline) throws IOException {
        poll.requireNoneAbove(ballot);
        if (!poll.hasQuorum()) {
            return Optional.empty();
        }
        for (RegisterKey value : poll.values()) {
            Optional<Contents> contents = poll.fetch(value, blobs, deadline);
            if (contents.isPresent() || !poll.undecided(value)) {
                return contents.map(served -> new Found(value.ballot(), served));
            }
        }
        return Optional.of(new Found(ballot, Contents.NOTHING));
    }

    /** A ballot that Q sites of a layout hold. */
    private final class Bid implements Round {
        private final Layout layout;
        private final Ballot ballot;
        private final Found found;

        Bid(Layout layout, Ballot ballot, Found found) {
            this.layout = layout;
            this.ballot = ballot;
            this.found = found;
        }

        @Override
        public Ballot ballot() {
            return ballot;
        }

        @Override
        public Contents current() {
            return found.contents();
        }

        /**
         * What is only decided anew stays, where it was found, until the register is changed or decided once more: a listing that misses
         * the new blob, since that was put meanwhile, shows the one before.
         */
        private Ballot floor(Contents contents) {
            return contents.equals(found.contents()) ? found.ballot() : ballot;
        }

        @Override
        public Map<String, String> decide(Contents contents, Reach reach, Deadline deadline) throws IOException {
            byte[] sealed = format.seal(id, ballot, Phase.ACCEPTED, contents);
            RegisterKey accepted = format.acceptedKey(id, ballot, contents);
            Map<String, String> missing = new Decision(poll(layout), blobs, accepted, floor(contents), means)
                    .make(
                            site -> blobs.put(site.store(), accepted, sealed),
                            SiteAgreement.this.toString(),
                            reach,
                            deadline);
            requireStillHolds();
            return missing;
        }

        /** The value is put: whether it counts is open if other sites decide by now, or if nobody can tell who does. */
        private void requireStillHolds() throws IOException {
            try {
                requireHolds(layout, ballot);
            } catch (UnavailableException e) {
                throw new OutcomeUnknownException(Reasons.of(e), e);
            }
        }
    }

    private List<RegisterKey> bid(Site site, RegisterKey bid) throws IOException {
        blobs.put(site.store(), bid, EMPTY);
        return blobs.listAfter(bid, site.store());
    }

    /** Draws a ballot. The clock makes it likely to be above all there are; whether it is, the sites tell. */
    private Ballot ballot(long above) throws UnavailableException {
        long number = Math.max(above + 1, means.tasks().wallMicros());
        if (number < 0 || number > Ballot.MAX_NUMBER) {
            throw new UnavailableException(this + " cannot be changed: its ballot, or the clock, is out of range");
        }
        return new Ballot(number, WriterId.random(means.random()));
    }

    private Poll poll(Layout layout) {
        return new Poll(layout.sites(), layout.quorums(), means);
    }

    @Override
    public String toString() {
        return "register " + id;
    }
}
