package io.slicekeep.task;

import java.security.SecureRandom;

/** A source of random bytes. Thread-safe. Production uses {@link #secure()}, which cannot be seeded. */
@FunctionalInterface
public interface RandomSource {
    /**
     * Fills an array.
     *
     * @param target overwritten whole
     */
    void nextBytes(byte[] target);

    /**
     * Returns new random bytes.
     *
     * @param count how many, at least 0
     * @return an array of that length
     */
    default byte[] bytes(int count) {
        byte[] fresh = new byte[count];
        nextBytes(fresh);
        return fresh;
    }

    /**
     * Returns the operating system's generator through the JDK's {@link SecureRandom}.
     *
     * @return the one source for production
     */
    static RandomSource secure() {
        return new SecureRandom()::nextBytes;
    }
}
