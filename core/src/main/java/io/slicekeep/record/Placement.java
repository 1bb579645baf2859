package io.slicekeep.record;

/**
 * How a blob is spread: k and the configuration that said which sites. How many slices there are besides the k is the affair of
 * the configuration in force. Immutable.
 *
 * @param number 0 for the first placement of a blob, 0 to 255
 * @param dataSlices k
 * @param epoch the configuration's epoch
 */
public record Placement(int number, int dataSlices, long epoch) {
    /** Checks the ranges. */
    public Placement {
        if (number < 0 || number > Hints.MAX_PLACEMENT || epoch < 0) {
            throw new IllegalArgumentException(
                    "number must be 0 to 255 and epoch at least 0: number=" + number + " epoch=" + epoch);
        }
        if (dataSlices < 1 || dataSlices > 255) {
            throw new IllegalArgumentException("k must be 1 to 255: k=" + dataSlices);
        }
    }

    /**
     * Tells whether no other one can follow.
     *
     * @return true for the last number
     */
    public boolean isLast() {
        return number == Hints.MAX_PLACEMENT;
    }

    /**
     * Returns the next placement of the blob, by another k. The epoch stays: who slices a blob anew later, or elsewhere, must make
     * the same slices.
     *
     * @param otherDataSlices k
     * @return the placement
     */
    public Placement next(int otherDataSlices) {
        return new Placement(number + 1, otherDataSlices, epoch);
    }

    /**
     * Returns this placement in another epoch.
     *
     * @param other the epoch
     * @return the placement
     */
    public Placement ofEpoch(long other) {
        return new Placement(number, dataSlices, other);
    }
}
