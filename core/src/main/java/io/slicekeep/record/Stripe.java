package io.slicekeep.record;

/** Lengths of the one stripe of an inline object (docs/FORMAT.md 4 and 7). */
public final class Stripe {
    private static final int FULL_BYTES = 1 << 20;
    private static final int ALIGN_BYTES = 64;

    private Stripe() {}

    /**
     * Returns how long the sealed blob of an inline object may be: one full stripe.
     *
     * @param dataSlices k
     * @return bytes
     */
    public static int maxInlineBytes(int dataSlices) {
        return dataSlices * cellBytes(FULL_BYTES, dataSlices);
    }

    /**
     * Returns the length of each cell.
     *
     * @param sealedBytes length of the sealed blob, at most {@link #maxInlineBytes}
     * @param dataSlices k
     * @return bytes, a multiple of 64
     */
    public static int cellBytes(long sealedBytes, int dataSlices) {
        long share = (sealedBytes + dataSlices - 1) / dataSlices;
        return Math.toIntExact((share + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES);
    }
}
