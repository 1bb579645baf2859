package io.slicekeep.sealed;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.task.RandomSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Random;

/** Bytes, channels and sources in memory, and randomness that a seed repeats. */
final class Fixtures {
    private Fixtures() {}

    /** Plaintext of some length in which every chunk differs. */
    static byte[] plaintext(int bytes) {
        byte[] plaintext = new byte[bytes];
        new Random(bytes).nextBytes(plaintext);
        return plaintext;
    }

    static RandomSource seeded(long seed) {
        return new Random(seed)::nextBytes;
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
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Channels.newInputStream(channel).transferTo(all);
        return all.toByteArray();
    }

    static byte[] readAll(BlobSource source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        source.transferTo(Channels.newChannel(all));
        return all.toByteArray();
    }
}
