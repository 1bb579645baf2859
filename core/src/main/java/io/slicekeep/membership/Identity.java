package io.slicekeep.membership;

import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * What a site says it is. A store without one - wiped, new, an empty mount point - is no site. Immutable.
 *
 * <pre>
 *  0  8  magic, letter I     32 16  site id
 *  8  2  version             48  8  epoch
 * 10  2  flags, zero         56  8  zero
 * 12  2  slice               64 32  HMAC(identity key, [0, 64))
 * 14  2  zero                  96  4  CRC32C of [0, 96)
 * 16 16  keep id
 * </pre>
 *
 * @param slice which slice of every blob is the site's, 0 to 254
 * @param keepId which keep it belongs to
 * @param siteId which site it is
 * @param epoch of a configuration that was in force when it joined
 */
public record Identity(int slice, KeepId keepId, SiteId siteId, long epoch) {
    /** The length of an identity blob. */
    public static final int BYTES = 100;

    private static final char LETTER = 'I';
    private static final int SLICE_OFFSET = 12;
    private static final int FIRST_ZERO_OFFSET = 14;
    private static final int KEEP_ID_OFFSET = 16;
    private static final int SITE_ID_OFFSET = 32;
    private static final int EPOCH_OFFSET = 48;
    private static final int ZERO_OFFSET = 56;
    private static final int MAC_OFFSET = 64;
    private static final int CRC_OFFSET = 96;
    private static final String WHAT = "the site's identity";

    /** Checks the ranges. */
    public Identity {
        if (slice < 0 || slice > Member.MAX_SLICE) {
            throw new IllegalArgumentException("slice must be 0 to 254: slice=" + slice);
        }
        MemberKeys.requireNumber(epoch);
    }

    /**
     * Parses an identity, and believes nothing yet: {@link #sealedAs} does.
     *
     * @param blob the whole blob
     * @return what it says
     * @throws FormatException if it is not ours, too new or corrupt
     */
    public static Identity parse(byte[] blob) throws FormatException {
        ByteBuffer in = MemberBlob.requireBegin(blob, LETTER, BYTES, WHAT);
        if (blob.length != BYTES) {
            throw MemberBlob.corrupt(WHAT, "it has " + blob.length + " bytes instead of " + BYTES);
        }
        MemberBlob.requireCrc(blob, CRC_OFFSET, WHAT);
        MemberBlob.requireZero(in.getShort(MemberBlob.FLAGS_OFFSET), "its flags", WHAT);
        MemberBlob.requireZero(in.getShort(FIRST_ZERO_OFFSET), "its reserved bytes", WHAT);
        MemberBlob.requireZero(in.getLong(ZERO_OFFSET), "its reserved bytes", WHAT);
        try {
            return new Identity(
                    Short.toUnsignedInt(in.getShort(SLICE_OFFSET)),
                    KeepId.of(MemberBlob.bytes(in, KEEP_ID_OFFSET, KeepId.BYTES)),
                    SiteId.of(MemberBlob.bytes(in, SITE_ID_OFFSET, SiteId.BYTES)),
                    in.getLong(EPOCH_OFFSET));
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
                .putShort((short) slice)
                .putShort((short) 0)
                .put(keepId.bytes())
                .put(siteId.bytes())
                .putLong(epoch)
                .putLong(0);
        MemberBlob.end(blob, MAC_OFFSET, identityKey);
        return blob;
    }

    /**
     * Tells, in constant time, whether a blob is this identity under the keep's own MAC.
     *
     * @param blob the blob that it was parsed from
     * @param identityKey derived from the keep's secret
     * @return true if it is genuine
     */
    public boolean sealedAs(byte[] blob, SecretBytes identityKey) {
        return MessageDigest.isEqual(seal(identityKey), blob);
    }
}
