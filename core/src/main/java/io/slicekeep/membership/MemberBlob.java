package io.slicekeep.membership;

import io.slicekeep.crypto.Jce;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the membership blobs have in common: the beginning, the checksum and the three ways of being wrong.
 *
 * <pre>
 *  0  8  magic 89 53 4B letter 0D 0A 1A 0A
 *  8  2  version
 * 10  2  flags, must be zero
 * </pre>
 */
final class MemberBlob {
    static final int VERSION_OFFSET = 8;
    static final int FLAGS_OFFSET = 10;
    static final int START_BYTES = 12;
    static final int CRC_BYTES = 4;
    static final int MAC_BYTES = 32;

    private static final short VERSION = 1;

    private MemberBlob() {}

    /** Begins a blob of this letter; the returned buffer's position is behind the flags. */
    static ByteBuffer begin(char letter, byte[] blob) {
        return ByteBuffer.wrap(blob).putLong(magic(letter)).putShort(VERSION).putShort((short) 0);
    }

    /** Ends a blob with the MAC of everything before {@code macOffset} and the checksum of everything before that. */
    static void end(byte[] blob, int macOffset, SecretBytes key) {
        int crcOffset = macOffset + MAC_BYTES;
        System.arraycopy(mac(key, blob, macOffset), 0, blob, macOffset, MAC_BYTES);
        ByteBuffer.wrap(blob).putInt(crcOffset, crc(blob, crcOffset));
    }

    /** Checks magic, version and the least length. */
    static ByteBuffer requireBegin(byte[] blob, char letter, int minBytes, String what) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(blob);
        if (blob.length < VERSION_OFFSET || in.getLong(0) != magic(letter)) {
            throw new FormatException(FormatException.Kind.NOT_OURS, what + ": not written by Slicekeep");
        }
        int version = blob.length < START_BYTES ? VERSION : Short.toUnsignedInt(in.getShort(VERSION_OFFSET));
        if (version != VERSION) {
            throw tooNew(what, "version " + version + ", this release reads version " + VERSION);
        }
        if (blob.length < minBytes) {
            throw corrupt(what, "it ends at " + blob.length + " of at least " + minBytes + " bytes");
        }
        return in;
    }

    /** Checks the checksum of everything before {@code crcOffset}. */
    static void requireCrc(byte[] blob, int crcOffset, String what) throws FormatException {
        if (ByteBuffer.wrap(blob).getInt(crcOffset) != crc(blob, crcOffset)) {
            throw corrupt(what, "its checksum is wrong");
        }
    }

    /** Checks a must-be-zero field, after the checksum: a value there is then meant, by a newer release. */
    static void requireZero(long value, String field, String what) throws FormatException {
        if (value != 0) {
            throw tooNew(what, field + " are not known to this release");
        }
    }

    static byte[] bytes(ByteBuffer in, int offset, int count) {
        byte[] bytes = new byte[count];
        in.get(offset, bytes);
        return bytes;
    }

    static int crc(byte[] blob, int coveredBytes) {
        CRC32C crc = new CRC32C();
        crc.update(blob, 0, coveredBytes);
        return (int) crc.getValue();
    }

    private static byte[] mac(SecretBytes key, byte[] blob, int coveredBytes) {
        try {
            Mac mac = Jce.mac("HmacSHA256");
            mac.init(new SecretKeySpec(key.unsafeBytes(), "HmacSHA256"));
            mac.update(blob, 0, coveredBytes);
            return mac.doFinal();
        } catch (InvalidKeyException e) {
            throw new AssertionError("HMAC takes a key of any length", e);
        }
    }

    static FormatException corrupt(String what, String detail) {
        return new FormatException(FormatException.Kind.CORRUPT, what + " is damaged: " + detail);
    }

    private static FormatException tooNew(String what, String detail) {
        return new FormatException(FormatException.Kind.TOO_NEW, what + " is of a newer release: " + detail);
    }

    private static long magic(char letter) {
        return 0x89534B000D0A1A0AL | ((long) letter << 32);
    }
}
