package io.slicekeep.register;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The blobs of one register, at whichever site. Thread-safe. */
final class RegisterBlobs {
    /** A site that shows something else each time may go on so for ever. */
    private static final int MOST_LISTINGS = 8;

    private static final int PAGE_KEYS = 1000;
    private static final int MAX_PAGES = 100;

    private final RegisterFormat format;
    private final RegisterId id;

    RegisterBlobs(RegisterFormat format, RegisterId id) {
        this.format = format;
        this.id = id;
    }

    /** Lists all that is genuine. */
    List<RegisterKey> list(BlobStore store) throws IOException {
        List<RegisterKey> genuine = new ArrayList<>();
        @Nullable BlobKey after = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            Listing listing = store.list(format.blobsOf(id), after, PAGE_KEYS);
            for (BlobKey key : listing.keys()) {
                opened(key).ifPresent(genuine::add);
                after = key;
            }
            if (!listing.more()) {
                return genuine;
            }
        }
        throw new IntegrityException("more than " + MAX_PAGES + " pages of blobs of register " + id);
    }

    /** Opens a listed key. What goes on behind its caller when the keys are wiped ends there. */
    private Optional<RegisterKey> opened(BlobKey key) throws UnavailableException {
        try {
            return format.open(id, key);
        } catch (IllegalStateException e) {
            throw new UnavailableException("the keys of register " + id + " are closed", e);
        }
    }

    /**
     * Lists all that is genuine where a blob was put just now, and stands unless a higher ballot had it deleted. If that happens while
     * it is listed neither may be shown: then it is listed again. What a bid misses, the listing after its value shows.
     */
    List<RegisterKey> listAfter(RegisterKey put, BlobStore store) throws OutcomeUnknownException {
        try {
            for (int listings = 0; listings < MOST_LISTINGS; listings++) {
                List<RegisterKey> keys = put.phase() == Phase.BID ? list(store) : look(store);
                if (keys.stream()
                        .anyMatch(key -> key.equals(put) || key.ballot().isAbove(put.ballot()))) {
                    return keys;
                }
            }
        } catch (IOException e) {
            throw new OutcomeUnknownException("not listed after it was written: " + Reasons.of(e), e);
        }
        throw new OutcomeUnknownException("does not list what was written there: " + put.key());
    }

    void put(BlobStore store, RegisterKey key, byte[] blob) throws IOException {
        try (BlobSink sink = store.create(key.key())) {
            sink.write(ByteBuffer.wrap(blob));
            sink.commit();
        }
    }

    Contents read(BlobStore store, RegisterKey key) throws IOException {
        try (BlobSource source = store.open(key.key())) {
            long lengthBytes = source.length();
            if (lengthBytes > RegisterFormat.MAX_BLOB_BYTES) {
                throw new IntegrityException("a register's blob must have at most " + RegisterFormat.MAX_BLOB_BYTES
                        + " bytes: bytes=" + lengthBytes + " key=" + key.key());
            }
            ByteBuffer blob = ByteBuffer.allocate((int) lengthBytes);
            source.readFullyAt(0, blob);
            return format.open(id, key, blob.array());
        }
    }

    /**
     * Lists all that is genuine, for whoever acts on there being nothing higher. A listing may miss what was deleted while it
     * ran, as well as the higher ballot that had it deleted; but that deletes what is lower first, so if the highest that is shown
     * still stands nothing above it was missed. Of two listings that show nothing, both would have to miss something.
     */
    List<RegisterKey> look(BlobStore store) throws IOException {
        for (int listings = 0; listings < MOST_LISTINGS; listings++) {
            List<RegisterKey> keys = list(store);
            Optional<RegisterKey> highest = keys.stream().max(Comparator.comparing(RegisterKey::ballot));
            if (highest.isEmpty()) {
                return list(store);
            }
            if (stands(highest.get(), store)) {
                return keys;
            }
        }
        throw restless();
    }

    /**
     * Lists all that is genuine, for whoever takes a value for decided because nothing higher is shown. A listing may show a value
     * that was put while it ran and miss a higher bid that was put before that; or show bids, and miss all values. So it is believed
     * only if the highest value is the same that was shown before it began; and if that still stands afterwards, since otherwise the
     * bid may have been deleted meanwhile, for a value that was put meanwhile too.
     */
    List<RegisterKey> listTwice(BlobStore store) throws IOException {
        List<RegisterKey> earlier = list(store);
        for (int listings = 1; listings < MOST_LISTINGS; listings++) {
            List<RegisterKey> keys = list(store);
            Optional<RegisterKey> value = highestValue(keys);
            if (value.equals(highestValue(earlier)) && (value.isEmpty() || stands(value.get(), store))) {
                return keys;
            }
            earlier = keys;
        }
        throw restless();
    }

    private UnavailableException restless() {
        return new UnavailableException("register " + id + " changed during each of " + MOST_LISTINGS + " listings");
    }

    private static Optional<RegisterKey> highestValue(List<RegisterKey> keys) {
        return keys.stream().filter(RegisterKey::isAccepted).max(Comparator.comparing(RegisterKey::ballot));
    }

    /** Tells whether a blob stands at a site. */
    boolean stands(RegisterKey key, BlobStore store) throws IOException {
        return !store.list(new KeyPrefix(key.key().value()), null, 1).keys().isEmpty();
    }

    /**
     * Deletes what a value makes useless that stands at this site: what is below its ballot, and its bid. The lowest goes first: as
     * long as a blob stands, nothing above it was deleted by whoever listed both.
     */
    void deleteBelow(Ballot floor, List<RegisterKey> listed, BlobStore store) throws IOException {
        List<RegisterKey> lowestFirst = new ArrayList<>(listed);
        lowestFirst.sort(Comparator.comparing(RegisterKey::ballot));
        for (RegisterKey key : lowestFirst) {
            if (floor.isAbove(key.ballot()) || (key.ballot().equals(floor) && key.phase() == Phase.BID)) {
                store.delete(key.key());
            }
        }
    }
}
