package io.slicekeep.testkit.simulator;

import io.slicekeep.object.NamespaceObjects;
import java.io.IOException;
import java.util.SplittableRandom;

/**
 * What an actor does, one operation at a time: a client today, a scrubber or a collector as soon as there is one. It tells the
 * run's model what it was promised. Confined to one thread at a time.
 */
interface Role {
    /**
     * Does one operation. A failure that is documented is none; a broken promise is a {@link Violation}.
     *
     * @param number which of the actor's
     * @param objects the namespace, as the actor's present process has opened it
     * @param draws what the operation draws, the same whatever else happens
     * @throws IOException as the namespace does; the model takes it as unknown
     */
    void perform(int number, NamespaceObjects objects, SplittableRandom draws) throws IOException;
}
