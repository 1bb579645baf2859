package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobId;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class StripeBufferTest {
    private final Random random = new Random(1);

    @Test
    void bytesLandInTheirCells() {
        byte[] data = bytes(4 * 640);
        StripeBuffer stripe = new StripeBuffer(new StripeBuffer.Shape(6, 640));
        ByteBuffer src = ByteBuffer.wrap(data);
        for (int at = 0; at < data.length; ) {
            int count = Math.min(1 + random.nextInt(1000), data.length - at);
            stripe.put(at, 640, src, count);
            at += count;
            assertThat(src.position()).isEqualTo(at);
        }
        requireCells(stripe, data, 640, 4);
    }

    @Test
    void shorteningKeepsEveryByteAndPadsWithZeros() {
        for (int k : new int[] {1, 2, 3, 4, 7}) {
            for (int length = 1; length <= k * 640; length += 1 + random.nextInt(40)) {
                byte[] data = bytes(length);
                StripeBuffer stripe = new StripeBuffer(new StripeBuffer.Shape(k + 2, 640));
                stripe.put(0, 640, ByteBuffer.wrap(bytes(k * 640)), k * 640);
                stripe.put(0, 640, ByteBuffer.wrap(data), length);
                int cellBytes = StripeLayout.cellBytes(k, length);
                stripe.shorten(length, 640, cellBytes, k);
                requireCells(stripe, data, cellBytes, k);
            }
        }
    }

    @Test
    void frameAlternatesBlocksAndTheirChecksums() {
        BlobId blobId = BlobId.of(bytes(16));
        for (int cellBytes : new int[] {64, 16384, 16384 + 64, 3 * 16384, 3 * 16384 + 6400, 64}) {
            byte[] data = bytes(cellBytes);
            StripeBuffer stripe = new StripeBuffer(new StripeBuffer.Shape(3, 4 * 16384));
            stripe.put(0, 4 * 16384, ByteBuffer.wrap(bytes(4 * 16384)), 4 * 16384);
            stripe.slab().region().put(stripe.slab().pitchBytes(), data);
            ByteBuffer[] frame = stripe.frame(1, 1, cellBytes, new BlockChecksum(blobId, 9), 1L << 40);
            int block = 0;
            for (int start = 0; start < cellBytes; start += 16384, block++) {
                int count = Math.min(16384, cellBytes - start);
                assertThat(frame[2 * block]).isEqualTo(ByteBuffer.wrap(data, start, count));
                assertThat(frame[2 * block + 1]).isEqualTo(checksum(data, start, count, blobId, 9, (1L << 40) + block));
            }
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer checksum(byte[] data, int start, int count, BlobId blobId, int index, long ordinal) {
        ByteBuffer covered = ByteBuffer.allocate(count + 28)
                .put(data, start, count)
                .put(blobId.bytes())
                .putInt(index)
                .putLong(ordinal);
        CRC32C crc = new CRC32C();
        crc.update(covered.array());
        return ByteBuffer.allocate(4).putInt(0, (int) crc.getValue());
    }

    private static void requireCells(StripeBuffer stripe, byte[] data, int cellBytes, int k) {
        for (int i = 0; i < k * cellBytes; i++) {
            byte expected = i < data.length ? data[i] : 0;
            byte found =
                    stripe.slab().region().get(i / cellBytes * stripe.slab().pitchBytes() + i % cellBytes);
            if (found != expected) {
                assertThat(found)
                        .as("byte %d of %d in cells of %d", i, data.length, cellBytes)
                        .isEqualTo(expected);
            }
        }
    }
}
