package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.BlobNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that answers, and answers wrongly: the kinds of lies that a rotten, restored or malicious site can tell without
 * knowing a key. Honest until told otherwise; lies add up. Thread-safe if the store below is.
 */
public final class LyingStore extends ForwardingStore {
    /** All that follow have as many digits, and so are in order. */
    private static final long FIRST_INVENTED = 1_000_000_000;

    private static final int PAGE_KEYS = 1000;

    private volatile Predicate<BlobKey> hidden = key -> false;
    private volatile Predicate<BlobKey> lost = key -> false;
    private volatile Predicate<BlobKey> altered = key -> false;
    private volatile Alteration alteration = (offset, value) -> value;
    private volatile boolean keepsDeleted;
    private volatile boolean repeats;
    private final AtomicLong invented = new AtomicLong();
    private volatile String inventedBeginning = "";
    private volatile @Nullable NavigableSet<BlobKey> oldListing;
    private final Map<BlobKey, BlobKey> swapped = new ConcurrentHashMap<>();

    /**
     * Creates a store that does not lie yet.
     *
     * @param below where blobs lie; closed with this store
     */
    public LyingStore(BlobStore below) {
        super(below);
    }

    /** What becomes of a byte on its way out. */
    @FunctionalInterface
    public interface Alteration {
        /**
         * Alters a byte, or not.
         *
         * @param offset where it stands in its blob
         * @param value what was written
         * @return what is read
         */
        byte apply(long offset, byte value);

        /**
         * Flips one bit.
         *
         * @param byteOffset in which byte
         * @param bit which bit, 0 to 7
         * @return the alteration
         */
        static Alteration bitFlip(long byteOffset, int bit) {
            return (offset, value) -> offset == byteOffset ? (byte) (value ^ 1 << bit) : value;
        }
    }

    /**
     * Neither lists nor opens some blobs, which it still has.
     *
     * @param which the blobs
     */
    public void hide(Predicate<BlobKey> which) {
        hidden = which;
    }

    /**
     * Acknowledges commits of some blobs and drops them.
     *
     * @param which the blobs
     */
    public void lose(Predicate<BlobKey> which) {
        lost = which;
    }

    /**
     * Gives out other bytes than were written.
     *
     * @param which in which blobs
     * @param how what becomes of each byte
     */
    public void alter(Predicate<BlobKey> which, Alteration how) {
        alteration = how;
        altered = which;
    }

    /**
     * Gives out each of two blobs under the key of the other.
     *
     * @param one a key
     * @param other another key
     */
    public void swap(BlobKey one, BlobKey other) {
        swapped.put(one, other);
        swapped.put(other, one);
    }

    /** Acknowledges deletions and still has, lists and opens the blob: what a site restored from a backup looks like. */
    public void keepDeleted() {
        keepsDeleted = true;
    }

    /**
     * Answers all listings as of now.
     *
     * @throws IOException if the present listing cannot be had
     */
    public void freezeListing() throws IOException {
        NavigableSet<BlobKey> keys = new TreeSet<>();
        BlobKey last = null;
        boolean more = true;
        while (more) {
            Listing page = list(KeyPrefix.ALL, last, PAGE_KEYS);
            keys.addAll(page.keys());
            last = keys.isEmpty() ? null : keys.last();
            more = page.more();
        }
        oldListing = keys;
    }

    /** Answers for every page of a listing with the first one, and says that there is more. */
    public void repeatFirstPage() {
        repeats = true;
    }

    /**
     * Lists one invented key after another, each on a page of its own, and says that there is more.
     *
     * @param beginning what follows in them on what was asked for, and comes before a number
     */
    public void listForever(String beginning) {
        inventedBeginning = beginning;
        invented.set(FIRST_INVENTED);
    }

    /** Ends all lies; what they have spoilt stays so. */
    public void beHonest() {
        hidden = key -> false;
        lost = key -> false;
        altered = key -> false;
        keepsDeleted = false;
        repeats = false;
        invented.set(0);
        oldListing = null;
        swapped.clear();
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        return lost.test(key) ? new Loser(super.create(key)) : super.create(key);
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        if (hidden.test(key)) {
            throw new BlobNotFoundException("no blob " + key + " in " + this);
        }
        BlobSource source = super.open(swapped.getOrDefault(key, key));
        return altered.test(key) ? new Alterer(source, alteration) : source;
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        if (!keepsDeleted) {
            super.delete(key);
        }
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        if (invented.get() > 0) {
            return new Listing(List.of(BlobKey.of(prefix + inventedBeginning + invented.incrementAndGet())), true);
        }
        if (repeats) {
            List<BlobKey> first = presentListing(prefix, null, limit).keys();
            return new Listing(first, !first.isEmpty());
        }
        NavigableSet<BlobKey> old = oldListing;
        return old == null ? presentListing(prefix, after, limit) : oldListing(old, prefix, after, limit);
    }

    private Listing presentListing(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        BlobKey last = after;
        while (true) {
            Listing page = super.list(prefix, last, limit);
            List<BlobKey> shown =
                    page.keys().stream().filter(key -> !hidden.test(key)).toList();
            if (!shown.isEmpty() || !page.more()) {
                return new Listing(shown, page.more());
            }
            last = page.keys().get(page.keys().size() - 1);
        }
    }

    private Listing oldListing(NavigableSet<BlobKey> old, KeyPrefix prefix, @Nullable BlobKey after, int limit) {
        List<BlobKey> page = new ArrayList<>();
        for (BlobKey key : after == null ? old : old.tailSet(after, false)) {
            if (prefix.matches(key) && !hidden.test(key)) {
                if (page.size() == limit) {
                    return new Listing(page, true);
                }
                page.add(key);
            }
        }
        return new Listing(page, false);
    }

    /** Says that it committed. */
    private static final class Loser extends ForwardingSink {
        Loser(BlobSink below) {
            super(below);
        }

        @Override
        public void commit() {
            // Nothing is committed, so closing drops the blob.
        }
    }

    private static final class Alterer extends ForwardingSource {
        private final Alteration alteration;

        Alterer(BlobSource below, Alteration alteration) {
            super(below);
            this.alteration = alteration;
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            int position = dst.position();
            int count = super.readAt(offset, dst);
            for (int i = 0; i < count; i++) {
                dst.put(position + i, alteration.apply(offset + i, dst.get(position + i)));
            }
            return count;
        }
    }
}
