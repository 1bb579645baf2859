package io.slicekeep.testkit;

import io.slicekeep.blob.BlobId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The slices of a blob as docs/FORMAT.md sections 4 and 5 tell them, one byte after the other. */
final class ReferenceSlices {
    private static final int STRIPE_BYTES = 1 << 20;
    private static final int BLOCK_BYTES = 16384;

    private final int k;
    private final int m;
    private final BlobId blobId;
    private final long epoch;

    ReferenceSlices(int k, int m, BlobId blobId, long epoch) {
        this.k = k;
        this.m = m;
        this.blobId = blobId;
        this.epoch = epoch;
    }

    static int fullStripeBytes(int k) {
        return k * cellBytes(k, STRIPE_BYTES);
    }

    /** Returns the n slices of a blob. */
    byte[][] of(byte[] blob) {
        ByteArrayOutputStream[] slices = new ByteArrayOutputStream[k + m];
        for (int index = 0; index < slices.length; index++) {
            slices[index] = new ByteArrayOutputStream();
            slices[index].writeBytes(header(index));
        }
        long ordinal = 0;
        int stripes = 0;
        for (int start = 0; start < blob.length; start += fullStripeBytes(k)) {
            int end = Math.min(blob.length, start + fullStripeBytes(k));
            byte[][] cells = ReferenceCode.encode(m, dataCells(Arrays.copyOfRange(blob, start, end)));
            for (int index = 0; index < slices.length; index++) {
                slices[index].writeBytes(stored(cells[index], index, ordinal));
            }
            ordinal += (cells[0].length + BLOCK_BYTES - 1) / BLOCK_BYTES;
            stripes++;
        }
        byte[] footer = footer(blob.length, stripes);
        return Arrays.stream(slices)
                .peek(slice -> slice.writeBytes(footer))
                .map(ByteArrayOutputStream::toByteArray)
                .toArray(byte[][]::new);
    }

    private byte[] header(int index) {
        return withCrc(ByteBuffer.allocate(64)
                .put(new byte[] {(byte) 0x89, 'S', 'K', 'S', 13, 10, 26, 10})
                .putShort((short) 1)
                .put((byte) k)
                .put((byte) 0)
                .put((byte) index)
                .put((byte) 1)
                .putShort((short) 0)
                .putInt(cellBytes(k, STRIPE_BYTES))
                .putInt(BLOCK_BYTES)
                .put(blobId.bytes())
                .putLong(epoch)
                .put(new byte[12]));
    }

    private byte[] footer(long blobBytes, long stripes) {
        return withCrc(ByteBuffer.allocate(48)
                .put("SKSLEND1".getBytes(StandardCharsets.US_ASCII))
                .putLong(blobBytes)
                .putLong(stripes)
                .put(blobId.bytes())
                .putInt(0));
    }

    private byte[][] dataCells(byte[] stripe) {
        int cellBytes = cellBytes(k, stripe.length);
        byte[] padded = Arrays.copyOf(stripe, k * cellBytes);
        byte[][] cells = new byte[k][];
        for (int j = 0; j < k; j++) {
            cells[j] = Arrays.copyOfRange(padded, j * cellBytes, (j + 1) * cellBytes);
        }
        return cells;
    }

    private byte[] stored(byte[] cell, int index, long firstOrdinal) {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        long ordinal = firstOrdinal;
        for (int start = 0; start < cell.length; start += BLOCK_BYTES) {
            byte[] block = Arrays.copyOfRange(cell, start, Math.min(cell.length, start + BLOCK_BYTES));
            ByteBuffer covered = ByteBuffer.allocate(block.length + 28);
            covered.put(block).put(blobId.bytes()).putInt(index).putLong(ordinal++);
            stored.writeBytes(block);
            stored.writeBytes(crc(covered.array(), covered.capacity()));
        }
        return stored.toByteArray();
    }

    private static byte[] withCrc(ByteBuffer bytes) {
        byte[] covered = new byte[bytes.position()];
        bytes.get(0, covered);
        return concat(covered, crc(covered, covered.length));
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static byte[] crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    }

    private static int cellBytes(int k, int stripeBytes) {
        int share = (int) Math.ceil(stripeBytes / (double) k);
        return (share + 63) / 64 * 64;
    }
}
