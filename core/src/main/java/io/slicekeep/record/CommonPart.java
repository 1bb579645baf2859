package io.slicekeep.record;

import io.slicekeep.blob.BlobId;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The part of a record that is the same at all sites and under the namespace's MAC. Immutable.
 *
 * <pre>{@code
 * off len                                off len
 *   0   1  kind                           40  16  blob id
 *   1   1  k                              56  32  commitment
 *   2   1  zero                           88   8  sealed bytes
 *   3   1  matrix id                      96   2  name bytes
 *   4   4  cell bytes of the stripe       98   2  zero
 *   8   8  counter                       100   4  metadata bytes
 *  16  12  writer                        104   8  counter in the slices' keys
 *  28   2  generation                    112  12  writer in the slices' keys
 *  30   2  placement                     124  20  zero
 *  32   8  epoch                         144      name, metadata
 * }</pre>
 *
 * @param name the encoded name
 * @param revision which version
 * @param placement how it is spread
 * @param content what it is about
 * @param metadata sealed, see {@link Metadata}
 */
public record CommonPart(EncodedName name, Revision revision, Placement placement, Content content, Bytes metadata) {
    static final int FIXED_BYTES = 144;
    static final int MAX_BYTES = 65536;

    private static final int FIRST_ZERO_AT = 2;
    private static final int CELL_BYTES_AT = 4;
    private static final int COUNTER_AT = 8;
    private static final int WRITER_AT = 16;
    private static final int GENERATION_AT = 28;
    private static final int PLACEMENT_AT = 30;
    private static final int EPOCH_AT = 32;
    private static final int BLOB_ID_AT = 40;
    private static final int COMMITMENT_AT = 56;
    private static final int SEALED_BYTES_AT = 88;
    private static final int NAME_BYTES_AT = 96;
    private static final int SECOND_ZERO_AT = 98;
    private static final int METADATA_BYTES_AT = 100;
    private static final int SLICES_COUNTER_AT = 104;
    private static final int SLICES_WRITER_AT = 112;
    private static final int ZERO_AT = 124;

    /**
     * Returns the length of this site's slice in the record.
     *
     * @return bytes; 0 unless inline
     */
    int sliceBytes() {
        return content instanceof Content.Inline inline
                ? Stripe.cellBytes(inline.blob().sealedBytes(), placement.dataSlices())
                : 0;
    }

    /** Returns the bytes. */
    ByteBuffer write() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + name.value().length() + metadata.length());
        if (out.capacity() > MAX_BYTES) {
            throw new IllegalArgumentException("name and metadata must fit 64 KiB in all: bytes=" + out.capacity());
        }
        writeFixed(out);
        out.position(FIXED_BYTES).put(name.value().getBytes(StandardCharsets.US_ASCII));
        return out.put(metadata.buffer()).flip();
    }

    private void writeFixed(ByteBuffer out) {
        out.put(0, (byte) content.kind().code());
        out.put(1, (byte) placement.dataSlices());
        out.put(3, (byte) ErasureCode.CAUCHY_11D);
        out.putInt(CELL_BYTES_AT, sliceBytes());
        out.putLong(COUNTER_AT, revision.counter());
        revision.writer().write(out, WRITER_AT);
        out.putShort(GENERATION_AT, (short) revision.generation());
        out.putShort(PLACEMENT_AT, (short) placement.number());
        out.putLong(EPOCH_AT, placement.epoch());
        out.putShort(NAME_BYTES_AT, (short) name.value().length());
        out.putInt(METADATA_BYTES_AT, metadata.length());
        if (content instanceof Content.Stored stored) {
            SealedBlob blob = stored.blob();
            out.put(BLOB_ID_AT, blob.id().bytes());
            out.put(COMMITMENT_AT, blob.commitment().toArray());
            out.putLong(SEALED_BYTES_AT, blob.sealedBytes());
        }
        if (content instanceof Content.Sliced) {
            out.putLong(SLICES_COUNTER_AT, revision.counter());
            revision.writer().write(out, SLICES_WRITER_AT);
        }
    }

    /** Reads bytes that were authenticated, from position to limit; the position stays. */
    static CommonPart parse(ByteBuffer source) throws FormatException {
        ByteBuffer in = source.slice();
        require(in.limit() >= FIXED_BYTES && in.limit() <= MAX_BYTES, "has " + in.limit() + " bytes");
        int nameBytes = in.getShort(NAME_BYTES_AT) & 0xffff;
        long metadataBytes = in.getInt(METADATA_BYTES_AT) & 0xffff_ffffL;
        long metadataAt = (long) FIXED_BYTES + nameBytes;
        require(metadataAt + metadataBytes == in.limit(), "does not have the length that its parts have");
        requireZero(in);
        CommonPart common = new CommonPart(
                parseName(in, nameBytes),
                parseRevision(in),
                parsePlacement(in),
                parseContent(in),
                Bytes.copyOf(in, (int) metadataAt, (int) metadataBytes));
        common.requireCanonical(in);
        return common;
    }

    /** All that could stand in the bytes besides what was read is refused by writing it again. */
    private void requireCanonical(ByteBuffer in) throws FormatException {
        require(write().equals(in), "has parts that contradict each other");
    }

    private static void requireZero(ByteBuffer in) throws FormatException {
        boolean zero = in.get(FIRST_ZERO_AT) == 0
                && in.getShort(SECOND_ZERO_AT) == 0
                && Bytes.copyOf(in, ZERO_AT, FIXED_BYTES - ZERO_AT).isZero();
        if (!zero) {
            throw new FormatException(FormatException.Kind.TOO_NEW, "a record's reserved bytes must be zero");
        }
    }

    private static EncodedName parseName(ByteBuffer in, int nameBytes) throws FormatException {
        String name = StandardCharsets.US_ASCII
                .decode(in.slice(FIXED_BYTES, nameBytes))
                .toString();
        try {
            return new EncodedName(name);
        } catch (IllegalArgumentException e) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a record has no name", e);
        }
    }

    private static Revision parseRevision(ByteBuffer in) throws FormatException {
        long counter = in.getLong(COUNTER_AT);
        int generation = in.getShort(GENERATION_AT) & 0xffff;
        require(counter >= 0 && counter <= Revision.MAX_COUNTER, "has a counter beyond 2^62");
        require(generation <= Revision.MAX_GENERATION, "has generation " + generation);
        return new Revision(counter, WriterId.read(in, WRITER_AT), generation);
    }

    private static Placement parsePlacement(ByteBuffer in) throws FormatException {
        int dataSlices = in.get(1) & 0xff;
        int number = in.getShort(PLACEMENT_AT) & 0xffff;
        long epoch = in.getLong(EPOCH_AT);
        if (in.get(3) != ErasureCode.CAUCHY_11D) {
            throw new FormatException(FormatException.Kind.TOO_NEW, "unknown matrix id: found " + in.get(3));
        }
        require(dataSlices >= 1, "has k=" + dataSlices);
        require(number <= Hints.MAX_PLACEMENT && epoch >= 0, "has placement " + number + " of epoch " + epoch);
        return new Placement(number, dataSlices, epoch);
    }

    private static Content parseContent(ByteBuffer in) throws FormatException {
        RecordKind kind = RecordKind.parse(in.get(0) & 0xff);
        if (kind == RecordKind.TOMBSTONE) {
            return new Content.Tombstone();
        }
        long sealedBytes = in.getLong(SEALED_BYTES_AT);
        require(sealedBytes >= 1, "has a blob of " + sealedBytes + " bytes");
        SealedBlob blob = new SealedBlob(
                BlobId.of(Bytes.copyOf(in, BLOB_ID_AT, BlobId.BYTES).toArray()),
                Bytes.copyOf(in, COMMITMENT_AT, SealedBlob.COMMITMENT_BYTES),
                sealedBytes);
        if (kind == RecordKind.SLICED) {
            return new Content.Sliced(blob);
        }
        int dataSlices = in.get(1) & 0xff;
        require(sealedBytes <= Stripe.maxInlineBytes(dataSlices), "has an inline blob of " + sealedBytes + " bytes");
        return new Content.Inline(blob);
    }

    private static void require(boolean holds, String what) throws FormatException {
        if (!holds) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a record's common part " + what);
        }
    }
}
