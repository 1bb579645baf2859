package io.slicekeep.testkit.simulator;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often the network fails. Every run has its own: some are calm, so that much is achieved, others wild. Immutable.
 *
 * @param delays how often an answer is delayed, from 0 to 1
 * @param losses how often a request or its answer is lost
 * @param duplicates how often a write arrives twice
 * @param tears how often a write breaks off
 * @param blurs how often a listing is no snapshot, or cut short
 * @param stalls how often a machine is suspended when it is about to commit what it has written
 */
record Weather(double delays, double losses, double duplicates, double tears, double blurs, double stalls) {
    static final Weather CALM = new Weather(0, 0, 0, 0, 0, 0);

    private static final double WORST_LOSSES = 0.05;
    private static final double WORST_STALLS = 0.02;

    static Weather draw(SplittableRandom draws) {
        double losses = draws.nextInt(3) == 0 ? WORST_LOSSES : WORST_LOSSES / 10;
        return new Weather(
                draws.nextDouble() * 0.6,
                draws.nextDouble() * losses,
                draws.nextDouble() * 0.6,
                draws.nextDouble() * losses,
                draws.nextDouble() * 0.5,
                draws.nextInt(3) == 0 ? draws.nextDouble() * WORST_STALLS : 0);
    }

    /** Draws what happens to a request of any kind. */
    @Nullable
    FaultKind onRequest(SplittableRandom draws) {
        double drawn = draws.nextDouble();
        if (drawn < losses) {
            return FaultKind.LOST_REQUEST;
        }
        if (drawn < 2 * losses) {
            return FaultKind.LOST_ANSWER;
        }
        return drawn < 2 * losses + delays * (1 - 2 * losses) ? FaultKind.DELAYED : null;
    }
}
