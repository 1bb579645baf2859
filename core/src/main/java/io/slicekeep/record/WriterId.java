package io.slicekeep.record;

import io.slicekeep.task.RandomSource;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Tells writes apart: 96 random bits, drawn anew for every write, so that two that choose one counter are still two
 * revisions, in one process or in many. Orders as an unsigned number. Immutable.
 *
 * @param high the 32 most significant bits
 * @param low the other 64
 */
public record WriterId(int high, long low) implements Comparable<WriterId> {
    /** The length of a writer id, in bytes. */
    public static final int BYTES = 12;

    /** The id that stands where there is no writer. */
    static final WriterId NONE = new WriterId(0, 0);

    /**
     * Draws a fresh id.
     *
     * @param random where from
     * @return the id
     */
    public static WriterId random(RandomSource random) {
        return read(ByteBuffer.wrap(random.bytes(BYTES)), 0);
    }

    /**
     * Reads an id.
     *
     * @param source its position stays
     * @param offset where the id begins
     * @return the id
     */
    public static WriterId read(ByteBuffer source, int offset) {
        return new WriterId(source.getInt(offset), source.getLong(offset + 4));
    }

    /**
     * Writes this id.
     *
     * @param target its position stays
     * @param offset where the id shall begin
     */
    public void write(ByteBuffer target, int offset) {
        target.putInt(offset, high);
        target.putLong(offset + 4, low);
    }

    @Override
    public int compareTo(WriterId other) {
        int byHigh = Integer.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Returns 24 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
