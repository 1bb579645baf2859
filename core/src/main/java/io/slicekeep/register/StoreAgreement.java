package io.slicekeep.register;

import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.record.Means;
import io.slicekeep.record.WriterId;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Agreement by one store that decides races: ballots are counted without a gap, all who attempt a number create the same key,
 * and the highest that stands is what the register holds. Thread-safe.
 *
 * <p>Lower ballots are deleted, so a creation that comes late may succeed a second time, with another content. Its creator notices
 * by the listing after it, which shows a higher one; and so does a reader, who had it listed long ago.
 */
final class StoreAgreement implements Agreement {
    private static final WriterId ALL = new WriterId(0, 0);

    private final ConditionalBlobStore store;
    private final Layout layout;
    private final RegisterFormat format;
    private final RegisterId id;
    private final RegisterBlobs blobs;
    private final Means means;

    StoreAgreement(ConditionalBlobStore store, RegisterFormat format, RegisterId id, Means means) {
        this.store = store;
        this.layout = new Layout(Profile.of(1, 0), List.of(new Site(0, store.toString(), store)), 0);
        this.format = format;
        this.id = id;
        this.blobs = new RegisterBlobs(format, id);
        this.means = means;
    }

    /** What was read is the newest only if it still was when it had been read. */
    @Override
    public Optional<Contents> settled(Deadline deadline) throws IOException {
        Optional<Round> read = round(site -> blobs.list(site.store()), deadline);
        Poll poll = poll();
        Optional<Long> next = poll.run(site -> blobs.look(site.store()), Poll.Rest.STOPS, () -> next(poll), deadline);
        poll.requireQuorum(this + " was not read");
        return read.filter(round -> next.equals(Optional.of(round.ballot().number())))
                .map(Round::current);
    }

    @Override
    public Sighting sight(Deadline deadline) throws IOException {
        Optional<Contents> settled = settled(deadline);
        return settled.isPresent()
                ? settled.get().sighted(Sighting.Grade.DECIDED)
                : open(0, Witness.NONE, deadline).current().sighted(Sighting.Grade.UNDECIDED);
    }

    /** The number follows from what stands, whatever it shall be above. Nobody but this store decides, so its newest value is all. */
    @Override
    public Round open(long above, Witness witness, Deadline deadline) throws IOException {
        Round round = round(site -> blobs.look(site.store()), deadline)
                .orElseThrow(() -> new ContendedException("its newest value could not be read", above));
        witness.sees(round.current().state());
        return round;
    }

    private Optional<Round> round(Poll.Question question, Deadline deadline) throws IOException {
        Poll poll = poll();
        Optional<Round> round = poll.run(question, Poll.Rest.STOPS, () -> newest(poll, deadline), deadline);
        poll.requireQuorum(this + " was not read");
        return round;
    }

    private Optional<Round> newest(Poll poll, Deadline deadline) throws IOException {
        Optional<Long> next = next(poll);
        if (next.isEmpty() || poll.values().isEmpty()) {
            return next.map(first -> new Created(ballot(first), Contents.NOTHING));
        }
        return poll.fetch(poll.values().get(0), blobs, deadline)
                .map(current -> new Created(ballot(next.get()), current));
    }

    /** Returns the lowest number above all that the store shows; empty if it did not answer. */
    private static Optional<Long> next(Poll poll) {
        return poll.hasQuorum()
                ? Optional.of(poll.values().stream()
                        .findFirst()
                        .map(newest -> newest.ballot().number() + 1)
                        .orElse(1L))
                : Optional.empty();
    }

    /** A number that nobody had taken. */
    private final class Created implements Round {
        private final Ballot ballot;
        private final Contents current;

        Created(Ballot ballot, Contents current) {
            this.ballot = ballot;
            this.current = current;
        }

        @Override
        public Ballot ballot() {
            return ballot;
        }

        @Override
        public Contents current() {
            return current;
        }

        @Override
        public Map<String, String> decide(Contents contents, Reach reach, Deadline deadline) throws IOException {
            Ballot taken = new Ballot(ballot.number(), ALL);
            RegisterKey created = format.key(id, taken, Phase.CREATED);
            byte[] sealed = format.seal(id, taken, Phase.CREATED, contents);
            return new Decision(poll(), blobs, created, taken, means)
                    .make(site -> create(created, sealed), StoreAgreement.this.toString(), reach, deadline);
        }
    }

    /** Whoever finds the key taken does not know by whom: the call may have been repeated on its way. */
    private void create(RegisterKey key, byte[] sealed) throws IOException {
        try {
            store.createIfAbsent(key.key(), ByteBuffer.wrap(sealed));
        } catch (BlobExistsException e) {
            throw new ContendedException(
                    "ballot " + key.ballot().number() + " was taken",
                    key.ballot().number());
        }
    }

    private Ballot ballot(long number) {
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
