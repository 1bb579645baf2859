package io.slicekeep.testkit;

import io.slicekeep.task.RandomSource;
import java.util.SplittableRandom;

/** Random bytes that a seed decides. For tests only. Thread-safe. */
public final class SeededRandom implements RandomSource {
    private final SplittableRandom random;

    /**
     * Creates a source.
     *
     * @param seed decides all bytes
     */
    public SeededRandom(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public synchronized void nextBytes(byte[] target) {
        random.nextBytes(target);
    }
}
