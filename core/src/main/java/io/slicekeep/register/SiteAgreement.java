package io.slicekeep.register;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Means;
import io.slicekeep.record.WriterId;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Agreement of n sites that only create and list: Disk Paxos (Gafni and Lamport, 2003) with immutable blobs, whose proposers
 * need not know each other. Thread-safe.
 *
 * <p>In each of two phases a blob is put at every site, and after a site's acknowledgement that site is listed; Q sites that
 * show no higher ballot end the phase. Of two ballots, at some honest site that both sets of Q have in common, either the lower
 * one's blob came before the higher one's listing, and the higher one takes over its value, or the higher one's came before the
 * lower one's second listing, and the lower one is not decided. Late blobs, and listings in pages, change nothing in that.
 */
final class SiteAgreement implements Agreement {
    private static final byte[] EMPTY = {};

    private final Layout layout;
    private final RegisterFormat format;
    private final RegisterId id;
    private final RegisterBlobs blobs;
    private final Means means;

    SiteAgreement(Layout layout, RegisterFormat format, RegisterId id, Means means) {
        this.layout = layout;
        this.format = format;
        this.id = id;
        this.blobs = new RegisterBlobs(format, id);
        this.means = means;
    }

    @Override
    public Optional<Contents> settled(Deadline deadline) throws IOException {
        Poll poll = poll();
        Optional<Contents> contents =
                poll.run(site -> blobs.look(site.store()), Poll.Rest.STOPS, () -> settled(poll, deadline), deadline);
        poll.requireQuorum(this + " was not read");
        return contents;
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
    public Round open(long above, Deadline deadline) throws IOException {
        Ballot ballot = ballot(above);
        RegisterKey bid = format.key(id, ballot, Phase.BID);
        Poll poll = poll();
        Optional<Contents> current =
                poll.run(site -> bid(site, bid), Poll.Rest.GOES_ON, () -> current(poll, ballot, deadline), deadline);
        poll.requireQuorum(this + " was not opened");
        return new Round(
                ballot,
                current.orElseThrow(
                        () -> new ContendedException("its newest value could not be read", ballot.number())));
    }

    /** Returns the value of the highest ballot that may be decided. One that no site serves may, unless enough lack it. */
    private Optional<Contents> current(Poll poll, Ballot ballot, Deadline deadline) throws IOException {
        poll.requireNoneAbove(ballot);
        if (!poll.hasQuorum()) {
            return Optional.empty();
        }
        for (RegisterKey value : poll.values()) {
            Optional<Contents> contents = poll.fetch(value, blobs, deadline);
            if (contents.isPresent() || !poll.undecided(value)) {
                return contents;
            }
        }
        return Optional.of(Contents.NOTHING);
    }

    @Override
    public void decide(Round round, Contents contents, Deadline deadline) throws IOException {
        byte[] sealed = format.seal(id, round.ballot(), Phase.ACCEPTED, contents);
        RegisterKey accepted = format.acceptedKey(id, round.ballot(), sealed);
        new Decision(poll(), blobs, accepted, means)
                .make(site -> blobs.put(site.store(), accepted, sealed), toString(), deadline);
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

    private Poll poll() {
        return new Poll(layout.sites(), layout.quorums(), means);
    }

    @Override
    public String toString() {
        return "register " + id;
    }
}
