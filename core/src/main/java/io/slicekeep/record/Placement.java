package io.slicekeep.record;

/**
 * How a blob is spread: k, m and the configuration that says which sites. Immutable.
 *
 * @param number 0 for the first placement of a blob, 0 to 4095
 * @param dataSlices k
 * @param paritySlices m
 * @param epoch the configuration's epoch
 */
public record Placement(int number, int dataSlices, int paritySlices, long epoch) {
    /** Checks the ranges. */
    public Placement {
        if (number < 0 || number > Hints.MAX_PLACEMENT || epoch < 0) {
            throw new IllegalArgumentException(
                    "number must be 0 to 4095 and epoch at least 0: number=" + number + " epoch=" + epoch);
        }
        if (dataSlices < 1 || paritySlices < 0 || dataSlices + paritySlices > 255) {
            throw new IllegalArgumentException(
                    "k must be >= 1, m >= 0 and k + m <= 255: k=" + dataSlices + " m=" + paritySlices);
        }
    }

    /**
     * Returns n = k + m.
     *
     * @return the number of slices
     */
    public int slices() {
        return dataSlices + paritySlices;
    }

    /**
     * Returns this placement in another epoch.
     *
     * @param other the epoch
     * @return the placement
     */
    public Placement ofEpoch(long other) {
        return new Placement(number, dataSlices, paritySlices, other);
    }
}
