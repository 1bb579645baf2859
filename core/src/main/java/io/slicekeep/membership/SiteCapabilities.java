package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Promise;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.probe.StoreProbe;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a probe found of a site, as it stands at that site. Immutable.
 *
 * <pre>
 *  0  8  magic, letter A     32 16  site id
 *  8  2  version             48  8  probedMicros
 * 10  2  flags, zero         56  4  longestKeyBytes
 * 12  2  promises kept       60  4  raceRounds
 * 14  1  races               64 32  HMAC(identity key, [0, 64))
 * 15  1  zero                96  4  CRC32C of [0, 96)
 * 16 16  keep id
 * </pre>
 *
 * @param keepId which keep
 * @param siteId which site
 * @param found what was found
 */
public record SiteCapabilities(KeepId keepId, SiteId siteId, Capabilities found) {
    /** The length of the blob. */
    public static final int BYTES = 100;

    /** How long a probe without races may take. */
    static final Duration PROBE_BOUND = Duration.ofMinutes(1);

    private static final char LETTER = 'A';
    /** In the order of their bits. */
    private static final List<Promise> PROMISES = List.of(
            Promise.READ_AFTER_WRITE,
            Promise.LIST_AFTER_WRITE,
            Promise.ORDERED_LISTING,
            Promise.ATOMIC_VISIBILITY,
            Promise.LONG_KEYS);
    /** In the order of their numbers. */
    private static final List<Races> RACES = List.of(Races.NOT_OFFERED, Races.UNPROVEN, Races.PROVEN, Races.BROKEN);

    private static final int PROMISES_OFFSET = 12;
    private static final int RACES_OFFSET = 14;
    private static final int ZERO_OFFSET = 15;
    private static final int KEEP_ID_OFFSET = 16;
    private static final int SITE_ID_OFFSET = 32;
    private static final int PROBED_OFFSET = 48;
    private static final int LONGEST_KEY_OFFSET = 56;
    private static final int ROUNDS_OFFSET = 60;
    private static final int MAC_OFFSET = 64;
    private static final int CRC_OFFSET = 96;
    private static final int MOST_FORMER = 1000;
    private static final int MOST_ROUNDS = 1_000_000;
    private static final String THEN = "so it was found when it was probed";
    private static final String WHAT = "what is known of the site's store";

    /** Checks the ranges. */
    public SiteCapabilities {
        requireRange("longestKeyBytes", found.longestKeyBytes(), BlobKey.MAX_KEY_BYTES);
        requireRange("raceRounds", found.raceRounds(), MOST_ROUNDS);
    }

    /**
     * Parses what was found, and believes nothing yet: {@link #sealedAs} does.
     *
     * @param blob the whole blob
     * @return what it says
     * @throws FormatException if it is not ours, too new or corrupt
     */
    public static SiteCapabilities parse(byte[] blob) throws FormatException {
        ByteBuffer in = MemberBlob.requireBegin(blob, LETTER, BYTES, WHAT);
        if (blob.length != BYTES) {
            throw MemberBlob.corrupt(WHAT, "it has " + blob.length + " bytes instead of " + BYTES);
        }
        MemberBlob.requireCrc(blob, CRC_OFFSET, WHAT);
        int kept = Short.toUnsignedInt(in.getShort(PROMISES_OFFSET));
        int races = Byte.toUnsignedInt(in.get(RACES_OFFSET));
        MemberBlob.requireZero(in.getShort(MemberBlob.FLAGS_OFFSET), "its flags", WHAT);
        MemberBlob.requireZero(kept >> PROMISES.size(), "its promises", WHAT);
        MemberBlob.requireZero(races < RACES.size() ? 0 : races, "its races", WHAT);
        MemberBlob.requireZero(in.get(ZERO_OFFSET), "its reserved byte", WHAT);
        try {
            Capabilities found = new Capabilities(
                    in.getLong(PROBED_OFFSET),
                    in.getInt(LONGEST_KEY_OFFSET),
                    RACES.get(races),
                    in.getInt(ROUNDS_OFFSET),
                    broken(kept));
            return new SiteCapabilities(
                    KeepId.of(MemberBlob.bytes(in, KEEP_ID_OFFSET, KeepId.BYTES)),
                    SiteId.of(MemberBlob.bytes(in, SITE_ID_OFFSET, SiteId.BYTES)),
                    found);
        } catch (IllegalArgumentException e) {
            throw MemberBlob.corrupt(WHAT, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the blob.
     *
     * @param identityKey derived from the keep's secret
     * @return 100 bytes
     */
    public byte[] seal(SecretBytes identityKey) {
        byte[] blob = new byte[BYTES];
        MemberBlob.begin(LETTER, blob)
                .putShort((short) kept())
                .put((byte) RACES.indexOf(found.races()))
                .put((byte) 0)
                .put(keepId.bytes())
                .put(siteId.bytes())
                .putLong(found.probedMicros())
                .putInt(found.longestKeyBytes())
                .putInt(found.raceRounds());
        MemberBlob.end(blob, MAC_OFFSET, identityKey);
        return blob;
    }

    /**
     * Tells, in constant time, whether a blob is this under the keep's own MAC.
     *
     * @param blob the blob that it was parsed from
     * @param identityKey derived from the keep's secret
     * @return true if it is genuine
     */
    public boolean sealedAs(byte[] blob, SecretBytes identityKey) {
        return MessageDigest.isEqual(seal(identityKey), blob);
    }

    /** Probes a store that shall become a site, without races; refuses one that cannot be. A leaf task. */
    static Capabilities probe(BlobStore store, Tasks tasks, RandomSource random) throws IOException {
        Capabilities found = StoreProbe.run(store, 0, new StoreProbe.Means(tasks, random, PROBE_BOUND));
        if (!found.sound()) {
            throw new UnavailableException("it does not keep what a site must: " + String.join("; ", found.breaches()));
        }
        return found;
    }

    /** Writes the first one of a site. What stands there already may be of somebody who makes a site of the store too. */
    static void writeFirst(BlobStore store, byte[] blob, RandomSource random) throws IOException {
        SmallBlob.write(store, MemberKeys.fresh(MemberKeys.CAPABILITIES, 1, random), blob);
    }

    /** Writes the next one of a site, and then deletes what stood there before. */
    static void writeNext(BlobStore store, byte[] blob, RandomSource random) throws IOException {
        List<BlobKey> former =
                store.list(MemberKeys.CAPABILITIES, null, MOST_FORMER).keys();
        long newest = former.stream()
                .map(MemberKeys::number)
                .flatMapToLong(OptionalLong::stream)
                .max()
                .orElse(0);
        SmallBlob.write(store, MemberKeys.fresh(MemberKeys.CAPABILITIES, newest + 1, random), blob);
        for (BlobKey key : former) {
            store.delete(key);
        }
    }

    private int kept() {
        int kept = 0;
        for (int bit = 0; bit < PROMISES.size(); bit++) {
            kept |= found.broken().containsKey(PROMISES.get(bit)) ? 0 : 1 << bit;
        }
        return kept;
    }

    private static Map<Promise, String> broken(int kept) {
        Map<Promise, String> broken = new EnumMap<>(Promise.class);
        for (int bit = 0; bit < PROMISES.size(); bit++) {
            if ((kept >> bit & 1) == 0) {
                broken.put(PROMISES.get(bit), THEN);
            }
        }
        return broken;
    }

    private static void requireRange(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(what + " must be 0 to " + most + ": " + what + "=" + value);
        }
    }
}
