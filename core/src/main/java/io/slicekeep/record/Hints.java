package io.slicekeep.record;

import io.slicekeep.crypto.AesSiv;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a record's key tells of it, so that a listing needs no other read. Sealed and bound to namespace, name and revision,
 * which is also how a listed key is known to be genuine. Immutable.
 *
 * <pre>{@code
 * off len
 *   0   1  kind
 *   1   1  k
 *   2   1  placement
 *   3   7  length of the plaintext
 *  10   8  modification time, microseconds since 1970
 *  18   4  CRC32C of the plaintext
 * }</pre>
 *
 * @param kind what the record says
 * @param dataSlices k: how many slices give the blob back, 1 to 255
 * @param placement which of its placements the blob has, 0 to 255
 * @param lengthBytes length of the plaintext, below 2^56; 0 for a tombstone
 * @param modifiedMicros modification time in microseconds since 1970
 * @param crc32c checksum of the plaintext; 0 for a tombstone
 */
public record Hints(RecordKind kind, int dataSlices, int placement, long lengthBytes, long modifiedMicros, int crc32c) {
    /** The length of hints, in bytes. */
    public static final int BYTES = 22;

    static final int TEXT_LENGTH = SortableBase64.textLength(BYTES + AesSiv.OVERHEAD_BYTES);
    static final int MAX_PLACEMENT = 255;

    private static final long MAX_LENGTH_BYTES = (1L << 56) - 1;
    private static final int DATA_SLICES_AT = 1;
    private static final int PLACEMENT_AT = 2;
    private static final int LENGTH_AT = 3;
    private static final int MODIFIED_AT = 10;
    private static final int CRC_AT = 18;

    /** Checks the ranges. */
    public Hints {
        if (dataSlices < 1 || dataSlices > 255 || placement < 0 || placement > MAX_PLACEMENT) {
            throw new IllegalArgumentException(
                    "k must be 1 to 255 and placement 0 to 255: k=" + dataSlices + " placement=" + placement);
        }
        if (lengthBytes < 0 || lengthBytes > MAX_LENGTH_BYTES) {
            throw new IllegalArgumentException("lengthBytes must be 0 to 2^56 - 1: lengthBytes=" + lengthBytes);
        }
    }

    /**
     * Writes these hints.
     *
     * @return 22 bytes
     */
    public Bytes write() {
        ByteBuffer plain = ByteBuffer.allocate(BYTES);
        // Seven bytes written as eight: the first one is zero and makes way for the placement.
        plain.putLong(LENGTH_AT - 1, lengthBytes);
        plain.put(0, (byte) kind.code());
        plain.put(DATA_SLICES_AT, (byte) dataSlices);
        plain.put(PLACEMENT_AT, (byte) placement);
        plain.putLong(MODIFIED_AT, modifiedMicros);
        plain.putInt(CRC_AT, crc32c);
        return Bytes.of(plain.array());
    }

    /**
     * Tells whether all that stands is being sliced anew, and this is not.
     *
     * @param layout the layout
     * @return false for a tombstone, which has no slices
     */
    public boolean isFormer(Layout layout) {
        return layout.reslices() && kind != RecordKind.TOMBSTONE && dataSlices != layout.dataSlices();
    }

    /** Seals these hints for one key. */
    String seal(AesSiv hintsKey, byte[] namespaceId, EncodedName name, String revisionText) {
        return SortableBase64.encode(
                hintsKey.seal(write().toArray(), namespaceId, ascii(name.value()), ascii(revisionText)));
    }

    /** Opens the hints of a key: it is genuine if this succeeds. */
    static Hints open(AesSiv hintsKey, byte[] namespaceId, EncodedName name, String revisionText, String text)
            throws FormatException, IntegrityException {
        byte[] sealed = SortableBase64.decode(text);
        if (sealed.length != BYTES + AesSiv.OVERHEAD_BYTES) {
            throw new FormatException(FormatException.Kind.CORRUPT, "hints must have " + TEXT_LENGTH + " characters");
        }
        return parse(ByteBuffer.wrap(hintsKey.open(sealed, namespaceId, ascii(name.value()), ascii(revisionText))));
    }

    /**
     * Reads hints.
     *
     * @param plain at least 22 bytes that are authentic; its position stays
     * @return the hints
     * @throws FormatException if a newer release wrote them
     */
    public static Hints parse(ByteBuffer plain) throws FormatException {
        int dataSlices = Byte.toUnsignedInt(plain.get(DATA_SLICES_AT));
        if (dataSlices == 0) {
            throw new FormatException(FormatException.Kind.TOO_NEW, "hints must tell k: k=0");
        }
        return new Hints(
                RecordKind.parse(plain.get(0)),
                dataSlices,
                Byte.toUnsignedInt(plain.get(PLACEMENT_AT)),
                plain.getLong(LENGTH_AT - 1) & MAX_LENGTH_BYTES,
                plain.getLong(MODIFIED_AT),
                plain.getInt(CRC_AT));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
