package io.slicekeep.sealed;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.task.RandomSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** Sealed bytes, keys, channels and sources in memory, and randomness that a seed repeats. */
final class Fixtures {
    /** The slot area of {@link #seal}: as short as can be, so that every byte of a small blob can be changed in turn. */
    static final int SLOT_AREA_BYTES = 76;

    /** Where the first chunk of {@link #seal} begins. */
    static final int CHUNKS_OFFSET = 64 + SLOT_AREA_BYTES + 56;

    private Fixtures() {}

    /** Returns plaintext of some length, the same for the same length. */
    static byte[] plaintext(int bytes) {
        byte[] plaintext = new byte[bytes];
        new Random(bytes).nextBytes(plaintext);
        return plaintext;
    }

    static RandomSource seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    /** Returns a ring with one key, the same for the same seed. */
    static KeyRing ring(long seed) {
        try (OpenSecret parent = OpenSecret.random(KeyContext.EMPTY, seeded(seed))) {
            return KeyRing.of(ParentKey.of(parent));
        }
    }

    static byte[] seal(byte[] plaintext, KeyRing ring) throws IOException {
        return seal(plaintext, ring, SealOptions.DEFAULT.withSlotAreaBytes(SLOT_AREA_BYTES));
    }

    static byte[] seal(byte[] plaintext, KeyRing ring, SealOptions options) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (SealedWriter writer = Sealed.writer(Channels.newChannel(target), ring, options)) {
            writer.write(ByteBuffer.wrap(plaintext));
            writer.commit();
        }
        return target.toByteArray();
    }

    static SealedReader reader(byte[] sealed, KeyRing ring) throws IOException {
        return Sealed.reader(channelOf(sealed), ring);
    }

    static SealedSource source(byte[] sealed, KeyRing ring) throws IOException {
        return SealedSource.open(sourceOf(sealed), ring, KeyContext.EMPTY);
    }

    /** Opens by both ways, which must agree. */
    static byte[] open(byte[] sealed, KeyRing ring) throws IOException {
        try (SealedReader reader = reader(sealed, ring);
                SealedSource source = source(sealed, ring)) {
            byte[] streamed = readAll(reader);
            if (!Arrays.equals(streamed, readAll(source))) {
                throw new AssertionError("the stream and the source differ");
            }
            return streamed;
        }
    }

    static ReadableByteChannel channelOf(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    static BlobSource sourceOf(byte[] bytes) {
        return new BlobSource() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public int readAt(long offset, ByteBuffer dst) {
                if (!dst.hasRemaining()) {
                    return 0;
                }
                if (offset >= bytes.length) {
                    return -1;
                }
                int part = (int) Math.min(dst.remaining(), bytes.length - offset);
                dst.put(bytes, (int) offset, part);
                return part;
            }

            @Override
            public void close() {}
        };
    }

    static byte[] readAll(ReadableByteChannel channel) throws IOException {
        return Channels.newInputStream(channel).readAllBytes();
    }

    static byte[] readAll(BlobSource source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        source.transferTo(Channels.newChannel(all));
        return all.toByteArray();
    }

    static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    /** Returns a copy in which the CRC of the header is right again. */
    static byte[] withHeaderCrc(byte[] sealed) {
        return withCrc(sealed, 0, 60);
    }

    /** Returns a copy in which the CRC of the slot area is right again. */
    static byte[] withSlotAreaCrc(byte[] sealed) {
        return withCrc(sealed, 64, 64 + SLOT_AREA_BYTES - 4);
    }

    private static byte[] withCrc(byte[] sealed, int start, int end) {
        CRC32C crc = new CRC32C();
        crc.update(sealed, start, end - start);
        return ByteBuffer.wrap(sealed.clone()).putInt(end, (int) crc.getValue()).array();
    }
}
