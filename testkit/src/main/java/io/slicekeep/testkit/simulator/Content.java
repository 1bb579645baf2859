package io.slicekeep.testkit.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The bytes that clients write. A value's number decides its length and every byte, so that a read can be checked byte for byte;
 * and most of it is a canary, so that plaintext is found wherever it turns up.
 */
final class Content {
    /** Values longer than a stripe are sliced; the others are inline. */
    private static final int STRIPE_BYTES = 1 << 20;

    private static final int PERIOD_BYTES = 256;
    private static final int SAMPLE_BYTES = 128;
    private static final long CANARY =
            ByteBuffer.wrap("PLAINtxt".getBytes(StandardCharsets.US_ASCII)).getLong();
    private static final long[] ROTATIONS = rotations();

    private Content() {}

    /** How long a value is. */
    enum Size {
        EMPTY,
        SMALL,
        CHUNKS,
        LARGE
    }

    /** Returns a value's length. */
    static int lengthBytes(long value, Size size) {
        SplittableRandom draws = new SplittableRandom(value);
        return switch (size) {
            case EMPTY -> 0;
            case SMALL -> 1 + draws.nextInt(2000);
            case CHUNKS -> 16_000 + draws.nextInt(40_000);
            case LARGE -> STRIPE_BYTES + draws.nextInt(60_000);
        };
    }

    /** Returns part of a value. */
    static ByteBuffer bytes(long value, long offset, int count) {
        int skipped = (int) (offset % PERIOD_BYTES);
        int periods = (skipped + count + PERIOD_BYTES - 1) / PERIOD_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(periods * PERIOD_BYTES);
        for (long period = offset / PERIOD_BYTES; bytes.hasRemaining(); period++) {
            for (int i = Long.BYTES; i < PERIOD_BYTES; i += Long.BYTES) {
                bytes.putLong(CANARY);
            }
            bytes.putLong(value << 32 ^ period);
        }
        return bytes.position(skipped).limit(skipped + count).slice();
    }

    /** Tells whether some 256 consecutive bytes of any value stand in what a site was given. */
    static boolean shows(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.BIG_ENDIAN);
        for (int at = 0; at + Long.BYTES <= stored.length; at += SAMPLE_BYTES) {
            long sample = bytes.getLong(at);
            for (long rotation : ROTATIONS) {
                if (sample == rotation) {
                    return true;
                }
            }
        }
        return false;
    }

    private static long[] rotations() {
        long[] rotations = new long[Long.BYTES];
        for (int i = 0; i < rotations.length; i++) {
            rotations[i] = Long.rotateLeft(CANARY, i * Byte.SIZE);
        }
        return rotations;
    }
}
