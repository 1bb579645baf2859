package io.slicekeep.testkit;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The threads of simulations. Handing the turn from one to the next is much of what a simulation costs, so they are virtual ones
 * where the JVM has them (JEP 444). Thread-safe.
 */
final class StrandThreads {
    private static final Executor THREADS = threads();

    private StrandThreads() {}

    static void start(Runnable work) {
        THREADS.execute(work);
    }

    private static Executor threads() {
        try {
            return (Executor)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool(work -> {
                Thread thread = new Thread(work, "simulated");
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
