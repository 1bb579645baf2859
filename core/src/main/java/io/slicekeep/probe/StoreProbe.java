package io.slicekeep.probe;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.probe.Capabilities.Promise;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tries out whether a store keeps what sites rely on (docs/PROTOCOLS.md 1): what was committed is read and listed from then on, in
 * order, whole or not at all, and a key may be as long as keys get. It writes beneath {@code probe/}, in a folder of its own, which
 * nothing else lists, and takes away what it wrote; what a probe left that was stopped, another one takes away a day later. Any
 * number may run at a time. One object per probe, confined to one thread.
 */
public final class StoreProbe {
    /** What the keys of all probes begin with. */
    public static final KeyPrefix FOLDER = new KeyPrefix("probe/");

    private static final System.Logger LOG = System.getLogger(StoreProbe.class.getName());
    private static final Duration FORGOTTEN = Duration.ofDays(1);
    private static final int LARGE_BYTES = 1 << 18;
    private static final int PIECES = 16;
    private static final int PAGE_KEYS = 3;
    private static final int SMALL_BLOBS = 4;
    private static final int SMALL_BYTES = 100;
    private static final int SHORTEST = 250;

    /** Keys whose order tells bytes from letters, and folders from what begins like them. */
    private static final List<String> NAMES = List.of("b", "a/b", "a", "a!", "a!b", "a~", "B", "a0", "a.b", "a-");

    private final BlobStore store;
    private final Tasks tasks;
    private final RandomSource random;
    private final Deadline deadline;
    private final String folder;
    private final Map<Promise, String> broken = new EnumMap<>(Promise.class);
    private int races;
    private boolean raceLost;

    private StoreProbe(BlobStore store, Tasks tasks, RandomSource random, Duration bound) {
        this.store = store;
        this.tasks = tasks;
        this.random = random;
        this.deadline = tasks.deadline(bound);
        this.folder = FOLDER + HexFormat.of().toHexDigits(tasks.wallMicros()) + "-"
                + HexFormat.of().formatHex(random.bytes(Long.BYTES)) + "/";
    }

    /**
     * Probes a store: some twenty small blobs and two of 256 KiB. Without races nothing is forked, and what is visible of a blob
     * while it is being committed is not watched.
     *
     * @param store open, and not closed here
     * @param rounds how many times to race 16 writers, if the store says that it decides races; they cost 16 blobs each
     * @param means what to do it with, and for how long at most
     * @return what was found
     * @throws UnavailableException if it took too long
     * @throws IOException if the store cannot be written or read
     */
    public static Capabilities run(BlobStore store, int rounds, Means means) throws IOException {
        return new StoreProbe(store, means.tasks(), means.random(), means.bound()).run(rounds);
    }

    /**
     * What probes work with.
     *
     * @param tasks forks and tells the time
     * @param random where names come from
     * @param bound how long a probe may take; races end early when half of it is over
     */
    public record Means(Tasks tasks, RandomSource random, Duration bound) {}

    private Capabilities run(int rounds) throws IOException {
        try {
            int longest = longestKey();
            small();
            require(Promise.ORDERED_LISTING, ordered());
            require(Promise.ATOMIC_VISIBILITY, atomic(rounds > 0));
            race(rounds);
            return new Capabilities(tasks.wallMicros(), longest, verdict(), races, broken);
        } finally {
            clearQuietly();
        }
    }

    /** Notes the first breach of a promise, if there is one. */
    private void require(Promise promise, @Nullable String breach) throws UnavailableException {
        if (breach != null) {
            broken.putIfAbsent(promise, breach);
        }
        if (deadline.passed()) {
            throw new UnavailableException("it is too slow: its probe was not done in time");
        }
    }

    /** Returns the longest key that the store takes, serves and lists, of a few lengths. */
    private int longestKey() throws IOException {
        for (int length : new int[] {BlobKey.MAX_KEY_BYTES, 500, SHORTEST}) {
            BlobKey key = longKey(length);
            try {
                put(key, bytes(SMALL_BYTES));
                if (read(key) != null && lists(key)) {
                    return length;
                }
                broken.putIfAbsent(Promise.LONG_KEYS, "one of " + length + " was taken, and is not there");
            } catch (IOException e) {
                if (length == SHORTEST) {
                    throw e;
                }
                broken.putIfAbsent(Promise.LONG_KEYS, "one of " + length + " was refused: " + e.getMessage());
            }
        }
        return 0;
    }

    /** Returns a key of segments of 250 bytes. */
    private BlobKey longKey(int length) {
        StringBuilder text = new StringBuilder(folder);
        int segmentBytes = 0;
        while (text.length() < length) {
            boolean border = segmentBytes == 250 && text.length() < length - 1;
            text.append(border ? '/' : 'k');
            segmentBytes = border ? 0 : segmentBytes + 1;
        }
        return BlobKey.of(text.toString());
    }

    private void small() throws IOException {
        for (int i = 0; i < SMALL_BLOBS; i++) {
            BlobKey key = key("small/" + HexFormat.of().formatHex(random.bytes(2)) + i);
            byte[] bytes = bytes(SMALL_BYTES + i);
            put(key, bytes);
            require(Promise.READ_AFTER_WRITE, Arrays.equals(read(key), bytes) ? null : "one was not read as committed");
            require(Promise.LIST_AFTER_WRITE, lists(key) ? null : "a blob was committed and not listed");
            if (i % 2 == 0) {
                store.delete(key);
                require(Promise.READ_AFTER_WRITE, read(key) == null ? null : "a blob was deleted and still served");
                require(Promise.LIST_AFTER_WRITE, lists(key) ? "a blob was deleted and still listed" : null);
            }
        }
    }

    private @Nullable String ordered() throws IOException {
        List<BlobKey> expected = new ArrayList<>();
        for (String name : NAMES) {
            put(key("order/" + name), bytes(1));
            expected.add(key("order/" + name));
        }
        expected.sort(null);
        List<BlobKey> listed = new ArrayList<>();
        Listing page;
        do {
            BlobKey after = listed.isEmpty() ? null : listed.get(listed.size() - 1);
            page = store.list(new KeyPrefix(folder + "order/"), after, PAGE_KEYS);
            listed.addAll(page.keys());
        } while (page.more() && !page.keys().isEmpty() && listed.size() <= expected.size());
        return listed.equals(expected) ? null : "its pages show " + names(listed) + " for " + names(expected);
    }

    private List<String> names(List<BlobKey> keys) {
        return keys.stream()
                .map(key -> key.value().substring(Math.min(key.value().length(), folder.length() + 6)))
                .toList();
    }

    private @Nullable String atomic(boolean watched) throws IOException {
        BlobKey aborted = key("aborted");
        try (BlobSink sink = store.create(aborted)) {
            if (seenWhileWritten(sink, aborted, bytes(LARGE_BYTES))) {
                return "a part of a blob was visible";
            }
        }
        if (isVisible(aborted)) {
            return "an aborted blob was visible";
        }
        BlobKey committed = key("committed");
        byte[] bytes = bytes(LARGE_BYTES);
        try (BlobSink sink = store.create(committed)) {
            if (seenWhileWritten(sink, committed, bytes)) {
                return "a part of a blob was visible";
            }
            if (!watched) {
                sink.commit();
            } else if (seenInPartWhileCommitted(sink, committed, bytes)) {
                return "a part of a blob was visible";
            }
            return Arrays.equals(read(committed), bytes) ? null : "a large blob was not read as it was committed";
        }
    }

    private boolean seenWhileWritten(BlobSink sink, BlobKey key, byte[] bytes) throws IOException {
        int pieceBytes = bytes.length / PIECES;
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            sink.write(ByteBuffer.wrap(bytes, at, pieceBytes));
            if (isVisible(key)) {
                return true;
            }
        }
        return false;
    }

    /** Reads again and again while the commit runs: the blob must not be there, or be there whole. */
    private boolean seenInPartWhileCommitted(BlobSink sink, BlobKey key, byte[] bytes) throws IOException {
        try (TaskGroup<Boolean> group = tasks.group()) {
            group.fork(0, () -> {
                sink.commit();
                return true;
            });
            while (group.underWay() > 0) {
                byte[] read = read(key);
                if (read != null && !Arrays.equals(read, bytes)) {
                    return true;
                }
                Outcome<Boolean> outcome = group.next(tasks.deadline(Duration.ofMillis(1)));
                if (outcome != null) {
                    outcome.get();
                } else if (deadline.passed()) {
                    throw new UnavailableException("it is too slow: a commit was not done in time");
                }
            }
        }
        return false;
    }

    private void race(int rounds) throws IOException {
        if (!(store instanceof ConditionalBlobStore deciding)) {
            return;
        }
        long halfNanos = deadline.remainingNanos() / 2;
        Deadline half = tasks.deadline(Duration.ofNanos(halfNanos));
        while (races < rounds && !raceLost && !half.passed()) {
            raceLost = !decides(deciding, key("race/" + races));
            races++;
        }
    }

    /** Lets all writers create one key at a time; tells whether one of them did, and it is his blob that stands. */
    private boolean decides(ConditionalBlobStore deciding, BlobKey key) throws IOException {
        int writers = 16;
        List<Integer> winners = new ArrayList<>();
        try (TaskGroup<Boolean> group = tasks.group()) {
            for (int i = 0; i < writers; i++) {
                byte[] own = {(byte) i};
                group.fork(i, () -> {
                    deciding.createIfAbsent(key, ByteBuffer.wrap(own));
                    return true;
                });
            }
            for (int i = 0; i < writers; i++) {
                Outcome<Boolean> outcome = group.next(deadline);
                if (outcome == null) {
                    throw new UnavailableException("it is too slow: a race was not over in time");
                }
                if (outcome.succeeded()) {
                    winners.add(outcome.index());
                } else if (!(outcome.failure() instanceof BlobExistsException)) {
                    outcome.get();
                }
            }
        }
        byte[] stands = read(key);
        return winners.size() == 1 && stands != null && stands.length == 1 && stands[0] == winners.get(0);
    }

    private Capabilities.Races verdict() {
        if (!(store instanceof ConditionalBlobStore)) {
            return Capabilities.Races.NOT_OFFERED;
        }
        if (raceLost) {
            return Capabilities.Races.BROKEN;
        }
        return races >= Capabilities.PROVING_ROUNDS ? Capabilities.Races.PROVEN : Capabilities.Races.UNPROVEN;
    }

    private boolean isVisible(BlobKey key) throws IOException {
        return read(key) != null || lists(key);
    }

    private boolean lists(BlobKey key) throws IOException {
        return store.list(new KeyPrefix(key.value()), null, 1).keys().contains(key);
    }

    /** Returns all bytes of a blob, or null if there is none. */
    private byte @Nullable [] read(BlobKey key) throws IOException {
        try (BlobSource source = store.open(key)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(source.length(), 2L * LARGE_BYTES)));
            source.readFullyAt(0, bytes);
            return bytes.array();
        } catch (BlobNotFoundException e) {
            return null;
        }
    }

    private void put(BlobKey key, byte[] bytes) throws IOException {
        try (BlobSink sink = store.create(key)) {
            sink.write(ByteBuffer.wrap(bytes));
            sink.commit();
        }
    }

    private byte[] bytes(int count) {
        return random.bytes(count);
    }

    private BlobKey key(String name) {
        return BlobKey.of(folder + name);
    }

    /** Tells whether a key is of a probe that was stopped long ago. */
    private boolean isForgotten(BlobKey key) {
        String text = key.value();
        int from = FOLDER.value().length();
        try {
            long startMicros = HexFormat.fromHexDigitsToLong(text, from, from + 2 * Long.BYTES);
            return tasks.wallMicros() - startMicros > FORGOTTEN.toNanos() / 1000;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** What cannot be taken away now, another probe takes away. */
    private void clearQuietly() {
        try {
            clear(key -> key.value().startsWith(folder) || isForgotten(key));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a probe left blobs beneath " + folder + " of " + store, e);
        }
    }

    private void clear(Predicate<BlobKey> doomed) throws IOException {
        BlobKey after = null;
        Listing page;
        do {
            page = store.list(FOLDER, after, 1000);
            for (BlobKey key : page.keys()) {
                after = key;
                if (doomed.test(key)) {
                    store.delete(key);
                }
            }
        } while (page.more() && !page.keys().isEmpty());
    }
}
