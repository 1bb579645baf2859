package io.slicekeep.testkit;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Decides which calls of a {@link FaultyStore} fail. Thread-safe. */
@FunctionalInterface
public interface Faults {
    /** What happens to a call. */
    enum Fault {
        /** Nothing. */
        NONE,
        /** It fails and has no effect. */
        BEFORE,
        /** It has its effect, and the caller does not learn it. */
        AFTER
    }

    /**
     * Decides about the next call.
     *
     * @param call what is called and on what, such as "commit a/b"
     * @return what happens to it
     */
    Fault next(String call);

    /**
     * Lets nothing fail.
     *
     * @return the absence of faults
     */
    static Faults none() {
        return call -> Fault.NONE;
    }

    /**
     * Lets each call fail with the same probability, before and after its effect alike.
     *
     * @param seed decides which
     * @param probability from 0 to 1
     * @return faults
     */
    static Faults random(long seed, double probability) {
        SplittableRandom random = new SplittableRandom(seed);
        return call -> {
            synchronized (random) {
                if (random.nextDouble() >= probability) {
                    return Fault.NONE;
                }
                return random.nextBoolean() ? Fault.BEFORE : Fault.AFTER;
            }
        };
    }

    /**
     * Lets one call fail. To see what becomes of a failure anywhere, count up until a run has no failure.
     *
     * @param number which call, from 0
     * @param fault what happens to it
     * @return faults
     */
    static Faults at(long number, Fault fault) {
        AtomicLong calls = new AtomicLong();
        return call -> calls.getAndIncrement() == number ? fault : Fault.NONE;
    }
}
