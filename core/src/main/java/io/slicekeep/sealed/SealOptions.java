package io.slicekeep.sealed;

import io.slicekeep.key.KeyContext;
import io.slicekeep.key.SlotArea;
import io.slicekeep.task.RandomSource;

/**
 * How blobs are sealed. Immutable; begin with {@link #DEFAULT}.
 *
 * @param context what each blob is bound to besides its own identity: whoever opens it must say the same
 * @param slotAreaBytes room for key slots, 64 to 65536, so that they can change in place; {@link #SHORTEST} for no more
 *     than they need
 * @param random where secrets, ids and salts come from
 */
public record SealOptions(KeyContext context, int slotAreaBytes, RandomSource random) {
    /** A slot area that is as short as its slots allow. */
    public static final int SHORTEST = 0;

    /** No context, 4096 bytes of slot area, the operating system's random generator. */
    public static final SealOptions DEFAULT = new SealOptions(KeyContext.EMPTY, 4096, RandomSource.secure());

    /** Checks the length of the slot area. */
    public SealOptions {
        boolean inBounds = slotAreaBytes >= SlotArea.MIN_BYTES && slotAreaBytes <= SlotArea.MAX_BYTES;
        if (!inBounds && slotAreaBytes != SHORTEST) {
            throw new IllegalArgumentException(
                    "slotAreaBytes must be 64 to 65536, or SHORTEST: slotAreaBytes=" + slotAreaBytes);
        }
    }

    /**
     * Returns options with another context.
     *
     * @param other what blobs shall be bound to
     * @return new options
     */
    public SealOptions withContext(KeyContext other) {
        return new SealOptions(other, slotAreaBytes, random);
    }

    /**
     * Returns options with another room for key slots.
     *
     * @param other 64 to 65536, or {@link #SHORTEST}
     * @return new options
     */
    public SealOptions withSlotAreaBytes(int other) {
        return new SealOptions(context, other, random);
    }

    /**
     * Returns options with another source of randomness.
     *
     * @param other unpredictable, and never in a state in which it was before
     * @return new options
     */
    public SealOptions withRandom(RandomSource other) {
        return new SealOptions(context, slotAreaBytes, other);
    }
}
