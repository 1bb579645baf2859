package io.slicekeep.record;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.SecretBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record at one site (docs/FORMAT.md 7). Thread-safe.
 *
 * <pre>{@code
 * off len
 *   0   8  magic
 *   8   2  version
 *  10   2  flags
 *  12   4  common bytes
 *  16   4  slot area bytes
 *  20   4  slice bytes
 *  24   2  slice index
 *  26   2  zero
 *  28   4  CRC32C of [0, 28)
 *  32      common part | HMAC 32 | slot area | slice | HMAC 32 of the slice if there is one | CRC32C of all from 32
 * }</pre>
 */
final class RecordCodec {
    static final int HEADER_BYTES = 32;

    private static final long MAGIC = 0x89_53_4B_52_0D_0A_1A_0AL;
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int FLAGS_AT = 10;
    private static final int COMMON_BYTES_AT = 12;
    private static final int SLOT_AREA_BYTES_AT = 16;
    private static final int SLICE_BYTES_AT = 20;
    private static final int INDEX_AT = 24;
    private static final int ZERO_AT = 26;
    private static final int CRC_AT = 28;
    private static final int CRC_BYTES = 4;
    private static final int MIN_SLOT_AREA_BYTES = 64;
    private static final int MAX_SLOT_AREA_BYTES = 65536;
    private static final int MAX_SLICE_BYTES = 1048640;
    private static final int MAX_RECORD_BYTES =
            HEADER_BYTES + CommonPart.MAX_BYTES + 2 * Hmac.BYTES + MAX_SLOT_AREA_BYTES + MAX_SLICE_BYTES + CRC_BYTES;

    /** One read brings the head of all but unusual records. */
    private static final int FIRST_READ_BYTES = 4096;

    private static final String MAC_PREFIX = "slicekeep/v1/record\0";
    private static final String SLICE_MAC_PREFIX = "slicekeep/v1/slice\0";

    private final byte[] macPrefix;
    private final byte[] sliceMacPrefix;
    private final SecretBytes recordsKey;

    /** The key stays the caller's to close. */
    RecordCodec(byte[] namespaceId, SecretBytes recordsKey) {
        this.macPrefix = prefix(MAC_PREFIX, namespaceId);
        this.sliceMacPrefix = prefix(SLICE_MAC_PREFIX, namespaceId);
        this.recordsKey = recordsKey;
    }

    private static byte[] prefix(String text, byte[] namespaceId) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(ascii.length + namespaceId.length)
                .put(ascii)
                .put(namespaceId)
                .array();
    }

    /** Puts the MACs to a common part and its slices. */
    RecordSet seal(CommonPart common, Bytes slotArea, List<ByteBuffer> slices) {
        ByteBuffer bytes = common.write();
        ByteBuffer authenticated = ByteBuffer.allocate(bytes.remaining() + Hmac.BYTES);
        authenticated.put(bytes.duplicate()).put(mac(bytes)).flip();
        Bytes whole = Bytes.copyOf(authenticated, 0, authenticated.limit());
        return new RecordSet(common, whole, slotArea, sealed(whole, slices));
    }

    /** Puts the MACs to slices of a record that is there already. */
    RecordSet seal(StoredRecord model, List<ByteBuffer> slices) {
        return new RecordSet(
                model.common(), model.authenticated(), model.slotArea(), sealed(model.authenticated(), slices));
    }

    private List<RecordSet.Slice> sealed(Bytes authenticated, List<ByteBuffer> slices) {
        List<RecordSet.Slice> sealed = new ArrayList<>();
        for (ByteBuffer slice : slices) {
            sealed.add(new RecordSet.Slice(slice, sliceMac(authenticated, sealed.size(), slice)));
        }
        return sealed;
    }

    /** Returns the record with one slice in three buffers; its slice is not copied. */
    static ByteBuffer[] write(RecordSet records, int sliceIndex, RecordSet.Slice inline) {
        ByteBuffer slice = inline.bytes().duplicate();
        int commonBytes = records.authenticated().length() - Hmac.BYTES;
        ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES
                + records.authenticated().length()
                + records.slotArea().length());
        head.putLong(0, MAGIC);
        head.putShort(VERSION_AT, (short) VERSION);
        head.putInt(COMMON_BYTES_AT, commonBytes);
        head.putInt(SLOT_AREA_BYTES_AT, records.slotArea().length());
        head.putInt(SLICE_BYTES_AT, slice.remaining());
        head.putShort(INDEX_AT, (short) sliceIndex);
        head.putInt(CRC_AT, crc(head.duplicate().limit(CRC_AT)));
        head.position(HEADER_BYTES)
                .put(records.authenticated().buffer())
                .put(records.slotArea().buffer());
        head.flip();
        ByteBuffer tail = ByteBuffer.allocate(inline.mac().length() + CRC_BYTES);
        tail.put(inline.mac().buffer());
        int crc = crc(
                head.duplicate().position(HEADER_BYTES), slice, tail.duplicate().flip());
        return new ByteBuffer[] {head, slice, tail.putInt(crc).flip()};
    }

    /** Reads the record that has slice {@code sliceIndex}. */
    StoredRecord read(BlobSource source, int sliceIndex, Extent extent) throws IOException {
        long totalBytes = source.length();
        ByteBuffer first = ByteBuffer.allocate((int) Math.min(totalBytes, FIRST_READ_BYTES));
        source.readFullyAt(0, first);
        Lengths lengths = Lengths.parse(first.flip(), totalBytes, sliceIndex);
        int wantedBytes = extent == Extent.WHOLE ? lengths.totalBytes() : lengths.headBytes();
        ByteBuffer all = first;
        if (wantedBytes > first.limit()) {
            all = ByteBuffer.allocate(wantedBytes).put(first);
            source.readFullyAt(all.position(), all);
            all.flip();
        }
        return parse(all, lengths, extent);
    }

    /** Reads a record out of a buffer. */
    StoredRecord parse(ByteBuffer all, int sliceIndex) throws FormatException, IntegrityException {
        return parse(all, Lengths.parse(all, all.limit(), sliceIndex), Extent.WHOLE);
    }

    /** Reads a whole record and checks all but its MAC. */
    static long lengthBytes(BlobSource source) throws IOException {
        long totalBytes = source.length();
        require(totalBytes <= MAX_RECORD_BYTES, "it has " + totalBytes + " bytes");
        return totalBytes;
    }

    static StoredRecord readUnproven(BlobSource source, int sliceIndex) throws IOException {
        long totalBytes = lengthBytes(source);
        ByteBuffer all = ByteBuffer.allocate((int) totalBytes);
        source.readFullyAt(0, all);
        Lengths lengths = Lengths.parse(all.flip(), totalBytes, sliceIndex);
        requireChecksum(all, lengths);
        return unproven(all, lengths, Extent.WHOLE);
    }

    private StoredRecord parse(ByteBuffer all, Lengths lengths, Extent extent)
            throws FormatException, IntegrityException {
        if (extent == Extent.WHOLE) {
            requireChecksum(all, lengths);
        }
        ByteBuffer common = all.slice(HEADER_BYTES, lengths.commonBytes());
        Bytes mac = Bytes.copyOf(all, HEADER_BYTES + lengths.commonBytes(), Hmac.BYTES);
        if (!mac.equals(Bytes.of(mac(common)))) {
            throw new IntegrityException("a record was not written by a holder of the namespace's key, or altered");
        }
        StoredRecord stored = unproven(all, lengths, extent);
        ByteBuffer slice = stored.slice();
        if (slice != null
                && !sliceMac(stored.authenticated(), index(all), slice).equals(lengths.sliceMac(all))) {
            throw new IntegrityException("a record's slice is not what was written");
        }
        return stored;
    }

    private static void requireChecksum(ByteBuffer all, Lengths lengths) throws FormatException {
        int crcAt = lengths.totalBytes() - CRC_BYTES;
        int crc = crc(all.duplicate().limit(crcAt).position(HEADER_BYTES));
        require(crc == all.getInt(crcAt), "its checksum is wrong");
    }

    private static StoredRecord unproven(ByteBuffer all, Lengths lengths, Extent extent) throws FormatException {
        ByteBuffer common = all.slice(HEADER_BYTES, lengths.commonBytes());
        CommonPart parsed = CommonPart.parse(common);
        boolean tombstone = parsed.content().kind() == RecordKind.TOMBSTONE;
        require(lengths.sliceBytes() == parsed.sliceBytes(), "its slice has another length than its common part says");
        require(tombstone == (lengths.slotAreaBytes() == 0), "all but tombstones must have slots");
        return new StoredRecord(
                parsed,
                Bytes.copyOf(all, HEADER_BYTES, lengths.authenticatedBytes()),
                Bytes.copyOf(all, HEADER_BYTES + lengths.authenticatedBytes(), lengths.slotAreaBytes()),
                slice(all, lengths, extent));
    }

    private static int index(ByteBuffer all) {
        return all.getShort(INDEX_AT) & 0xffff;
    }

    private static @Nullable ByteBuffer slice(ByteBuffer all, Lengths lengths, Extent extent) {
        return extent == Extent.HEAD || lengths.sliceBytes() == 0
                ? null
                : all.slice(lengths.headBytes(), lengths.sliceBytes()).asReadOnlyBuffer();
    }

    private byte[] mac(ByteBuffer common) {
        return Hmac.sha256(recordsKey, macPrefix, common);
    }

    /** The common part's MAC stands for it: name, version, k and blob. */
    private Bytes sliceMac(Bytes authenticated, int sliceIndex, ByteBuffer slice) {
        ByteBuffer commonMac = authenticated.buffer();
        commonMac.position(commonMac.limit() - Hmac.BYTES);
        byte[] index = {(byte) (sliceIndex >>> 8), (byte) sliceIndex};
        return Bytes.of(Hmac.sha256(recordsKey, sliceMacPrefix, commonMac, ByteBuffer.wrap(index), slice));
    }

    private static int crc(ByteBuffer... parts) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : parts) {
            crc.update(part.duplicate());
        }
        return (int) crc.getValue();
    }

    private static void require(boolean holds, String what) throws FormatException {
        if (!holds) {
            throw new FormatException(FormatException.Kind.CORRUPT, "damaged record: " + what);
        }
    }

    /** The lengths in a header, checked against their bounds and the record's length before anything is allocated. */
    private record Lengths(int commonBytes, int slotAreaBytes, int sliceBytes) {
        static Lengths parse(ByteBuffer in, long totalBytes, int sliceIndex) throws FormatException {
            if (in.limit() < Long.BYTES || in.getLong(0) != MAGIC) {
                throw new FormatException(FormatException.Kind.NOT_OURS, "not a record");
            }
            require(in.limit() >= HEADER_BYTES, "it ends after " + in.limit() + " bytes");
            require(crc(in.duplicate().limit(CRC_AT)) == in.getInt(CRC_AT), "its header's checksum is wrong");
            requireKnown(in.getShort(VERSION_AT) == VERSION, "version " + in.getShort(VERSION_AT));
            requireKnown(in.getShort(FLAGS_AT) == 0, "flags " + in.getShort(FLAGS_AT));
            requireKnown(in.getShort(ZERO_AT) == 0, "reserved bytes " + in.getShort(ZERO_AT));
            Lengths lengths =
                    new Lengths(in.getInt(COMMON_BYTES_AT), in.getInt(SLOT_AREA_BYTES_AT), in.getInt(SLICE_BYTES_AT));
            require(lengths.bounded(), "it has impossible lengths " + lengths);
            require(lengths.totalBytes() == totalBytes, "it has " + totalBytes + " bytes instead of " + lengths);
            require(index(in) == sliceIndex, "it has slice " + index(in) + ", not " + sliceIndex);
            return lengths;
        }

        private static void requireKnown(boolean holds, String found) throws FormatException {
            if (!holds) {
                throw new FormatException(
                        FormatException.Kind.TOO_NEW,
                        "a record with " + found + "; this release knows version 1 without flags");
            }
        }

        private boolean bounded() {
            boolean slots = slotAreaBytes == 0
                    || (slotAreaBytes >= MIN_SLOT_AREA_BYTES && slotAreaBytes <= MAX_SLOT_AREA_BYTES);
            return commonBytes >= CommonPart.FIXED_BYTES
                    && commonBytes <= CommonPart.MAX_BYTES
                    && slots
                    && sliceBytes >= 0
                    && sliceBytes <= MAX_SLICE_BYTES;
        }

        int authenticatedBytes() {
            return commonBytes + Hmac.BYTES;
        }

        int headBytes() {
            return HEADER_BYTES + authenticatedBytes() + slotAreaBytes;
        }

        int totalBytes() {
            return headBytes() + sliceBytes + sliceMacBytes() + CRC_BYTES;
        }

        Bytes sliceMac(ByteBuffer all) {
            return Bytes.copyOf(all, headBytes() + sliceBytes, sliceMacBytes());
        }

        private int sliceMacBytes() {
            return sliceBytes == 0 ? 0 : Hmac.BYTES;
        }
    }
}
