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
 * <p>Lower ballots are deleted, so a creation that comes late may succeed a second time. It is noticed by the listing after
 * it, which shows a higher one; nobody reads it.
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

    @Override
    public Optional<Contents> settled(Deadline deadline) throws IOException {
        return Optional.of(open(0, deadline).current());
    }

    @Override
    public Sighting sight(Deadline deadline) throws IOException {
        return open(0, deadline).current().sighted(Sighting.Grade.DECIDED);
    }

    /** The number follows from what stands, whatever it shall be above. */
    @Override
    public Round open(long above, Deadline deadline) throws IOException {
        Poll poll = poll();
        Optional<Round> round =
                poll.run(asked -> blobs.look(store), Poll.Rest.STOPS, () -> newest(poll, deadline), deadline);
        poll.requireQuorum(this + " was not read");
        return round.orElseThrow(() -> new ContendedException("its newest value could not be read", above));
    }

    private Optional<Round> newest(Poll poll, Deadline deadline) throws IOException {
        List<RegisterKey> values = poll.values();
        if (values.isEmpty()) {
            return poll.hasQuorum() ? Optional.of(new Created(ballot(1), Contents.NOTHING)) : Optional.empty();
        }
        RegisterKey newest = values.get(0);
        return poll.fetch(newest, blobs, deadline)
                .map(current -> new Created(ballot(newest.ballot().number() + 1), current));
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
            return new Decision(poll(), blobs, created, means)
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
