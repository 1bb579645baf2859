package io.slicekeep.testkit.simulator;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One site: what its disk holds, and what is wrong with it at the moment. It looks at all that it is given, as a curious
 * operator would. Confined to one thread at a time.
 */
final class SimulatedSite {
    private static final String IDENTITY = "site";

    private final int index;
    private final int slice;
    private final String name;
    private final int siteCount;
    private final NavigableMap<String, byte[]> blobs = new TreeMap<>();
    private final Map<String, Long> written = new HashMap<>();
    private final Map<String, Upload> uploads = new TreeMap<>();
    private NavigableMap<String, byte[]> backup = new TreeMap<>();
    private Lie lie = Lie.NONE;
    private NavigableMap<String, byte[]> shown = blobs;
    private int salt;
    private boolean lost;
    private long awayUntilNanos;
    private long fullUntilNanos;
    private long departed;
    private long arrived;

    /** Makes a site that holds one of so many slices; the first n hold those of their index. */
    SimulatedSite(int index, int slice, int siteCount) {
        this.index = index;
        this.slice = slice;
        this.name = memberName(slice) + (index == slice ? "" : Integer.toString(index));
        this.siteCount = siteCount;
    }

    /** How far what is sent as one blob has come. */
    private enum Upload {
        UNFINISHED,
        COMMITTED,
        ENDED
    }

    int index() {
        return index;
    }

    String name() {
        return name;
    }

    /** Returns what the keep calls whoever holds this slice. */
    String memberName() {
        return memberName(slice);
    }

    private static String memberName(int slice) {
        return slice < 26 ? Character.toString('a' + slice) : "site" + slice;
    }

    void goAway(long untilNanos) {
        awayUntilNanos = Math.max(awayUntilNanos, untilNanos);
    }

    void fill(long untilNanos) {
        fullUntilNanos = Math.max(fullUntilNanos, untilNanos);
    }

    /** It comes back empty or not at all: its identity is gone, so nobody takes it for the site it was. */
    void lose() {
        lost = true;
        blobs.clear();
        uploads.clear();
    }

    boolean isLost() {
        return lost;
    }

    boolean isAway(long nowNanos) {
        return lost || nowNanos < awayUntilNanos;
    }

    boolean isFull(long nowNanos) {
        return nowNanos < fullUntilNanos;
    }

    /** Ends all that passes; what is spoilt stays so. */
    void recover() {
        awayUntilNanos = 0;
        fullUntilNanos = 0;
        lie(Lie.NONE, 0);
    }

    /** Tells the truth no longer, or again. */
    void lie(Lie which, int drawn) {
        lie = which;
        salt = drawn;
        shown = which == Lie.OLD_LISTING ? new TreeMap<>(blobs) : blobs;
    }

    /** Remembers all it holds, to come back with it one day. */
    void backUp() {
        backup = new TreeMap<>(blobs);
    }

    void rollBack() {
        blobs.clear();
        blobs.putAll(backup);
        uploads.clear();
    }

    /** Flips a bit of one blob, but of the site's identity: without that it is lost. Returns its key, or null if there is none. */
    @Nullable
    String rot(SplittableRandom draws) {
        if (blobs.isEmpty()) {
            return null;
        }
        int chosen = draws.nextInt(blobs.size());
        Map.Entry<String, byte[]> entry =
                blobs.entrySet().stream().skip(chosen).findFirst().orElseThrow();
        if (entry.getKey().equals(IDENTITY)) {
            return null;
        }
        byte[] bytes = entry.getValue().clone();
        if (bytes.length > 0) {
            bytes[draws.nextInt(bytes.length)] ^= (byte) (1 << draws.nextInt(8));
        }
        entry.setValue(bytes);
        return entry.getKey();
    }

    long depart() {
        return ++departed;
    }

    /** Notes that a request has arrived. Returns whether a later one came first. */
    boolean isOvertaken(long sequence) {
        boolean overtaken = sequence < arrived;
        arrived = Math.max(arrived, sequence);
        return overtaken;
    }

    boolean tellsLies(String key) {
        return lie.concerns(key, salt);
    }

    /** Bytes arrive that are to become a blob. */
    void begin(String upload) {
        uploads.putIfAbsent(upload, Upload.UNFINISHED);
    }

    /** Returns what has begun under some keys and was neither committed nor ended. */
    Set<String> unfinished(KeyPrefix prefix) {
        Set<String> unfinished = new TreeSet<>();
        uploads.forEach((upload, state) -> {
            boolean asked = upload.startsWith(prefix.value(), upload.indexOf('@') + 1);
            if (asked && state == Upload.UNFINISHED && !lie.hides(upload, salt)) {
                unfinished.add(upload);
            }
        });
        return unfinished;
    }

    /** It can no longer be committed. */
    void end(String upload) {
        if (lie != Lie.KEEPS_DELETED) {
            uploads.replace(upload, Upload.UNFINISHED, Upload.ENDED);
        }
    }

    /** Makes a blob of what was sent. The same request may arrive twice, the second time long after the blob was deleted. */
    void finish(String upload, BlobKey key, byte[] bytes) throws IOException {
        Upload state = uploads.getOrDefault(upload, Upload.ENDED);
        if (state == Upload.ENDED) {
            throw new IOException("the upload of " + key + " to " + name() + " was ended");
        }
        uploads.put(upload, Upload.COMMITTED);
        if (state == Upload.COMMITTED) {
            blobs.putIfAbsent(key.value(), bytes);
        } else {
            put(key, bytes);
        }
    }

    /** A liar shows what was never committed. */
    void abort(String upload, BlobKey key, byte[] bytes) {
        uploads.remove(upload, Upload.UNFINISHED);
        if (lie == Lie.SHOWS_UNCOMMITTED) {
            blobs.putIfAbsent(key.value(), bytes);
        }
    }

    private void put(BlobKey key, byte[] bytes) throws BlobExistsException {
        inspect(key.value(), bytes);
        if (lie == Lie.FORGETS && tellsLies(key.value())) {
            return;
        }
        if (blobs.containsKey(key.value())) {
            throw new BlobExistsException("blob " + key + " already exists at " + name());
        }
        blobs.put(key.value(), bytes);
    }

    void copy(BlobKey from, BlobKey to) throws BlobNotFoundException, BlobExistsException {
        try {
            put(to, get(from));
        } finally {
            // What was spoilt before is spoilt in the copy: that was the site, and whoever repairs it writes something
            // else.
            written.remove(to.value());
        }
    }

    byte[] get(BlobKey key) throws BlobNotFoundException {
        byte[] bytes = lie.hides(key.value(), salt) ? null : blobs.get(key.value());
        if (bytes == null) {
            throw new BlobNotFoundException("no blob " + key + " at " + name());
        }
        return tellsLies(key.value()) ? lie.told(bytes, salt, blobs, key.value()) : bytes;
    }

    void delete(BlobKey key) {
        if (lie != Lie.KEEPS_DELETED) {
            blobs.remove(key.value());
        }
    }

    List<String> list(KeyPrefix prefix, @Nullable BlobKey after, int limit) {
        String from = after == null ? prefix.value() : after.value();
        boolean behind = after != null && from.compareTo(prefix.value()) >= 0;
        List<String> keys = new ArrayList<>();
        for (String key : shown.tailMap(behind ? from : prefix.value(), !behind).keySet()) {
            if (!key.startsWith(prefix.value()) || keys.size() == limit) {
                break;
            }
            if (!lie.hides(key, salt)) {
                keys.add(key);
            }
        }
        return lie == Lie.FORGES_NEWER ? Lie.withForged(keys, limit) : keys;
    }

    NavigableMap<String, byte[]> blobs() {
        return blobs;
    }

    private void inspect(String key, byte[] bytes) {
        if (Content.shows(bytes)) {
            throw new Violation(Promise.NOT_LEAKED, "plaintext in " + key + " at " + name());
        }
        int slash = key.lastIndexOf('/');
        if (key.contains("/b/") && siteCount > 1 && !key.substring(slash + 1).equals(Integer.toString(slice))) {
            throw new Violation(Promise.NOT_LEAKED, "a slice of another site, " + key + ", at " + name());
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        Long earlier = written.put(key, crc.getValue());
        if (earlier != null && earlier != crc.getValue() && !isRaced(key)) {
            throw new Violation(Promise.NO_KEY_TWICE, key + " at " + name());
        }
    }

    /** All who attempt a ballot that one store decides create the same key (docs/PROTOCOLS.md 9). */
    private static boolean isRaced(String key) {
        return key.startsWith("r/") && key.contains("!3!");
    }
}
