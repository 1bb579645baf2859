package io.slicekeep.testkit.crash;

import java.nio.ByteBuffer;

/**
 * What an object holds: bytes that its number and length decide. Immutable.
 *
 * @param number which operation of the sequence put it
 * @param lengthBytes more than a stripe for one that is sliced, which makes the others inline
 */
record Value(int number, int lengthBytes) {
    static final int SMALL_BYTES = 100;
    static final int LARGE_BYTES = (1 << 20) + 100;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
        while (bytes.remaining() >= Long.BYTES) {
            bytes.putLong((long) number << 32 | bytes.position());
        }
        while (bytes.hasRemaining()) {
            bytes.put((byte) number);
        }
        return bytes.flip();
    }
}
