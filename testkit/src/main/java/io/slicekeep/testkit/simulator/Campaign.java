package io.slicekeep.testkit.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Many seeds in a row, on several cores. */
public final class Campaign {
    private final Simulator simulator;
    private final int threads;
    private final int maxFailures;

    /**
     * Creates a campaign.
     *
     * @param simulator runs the seeds
     * @param threads how many at a time
     * @param maxFailures after how many failing seeds to stop
     */
    public Campaign(Simulator simulator, int threads, int maxFailures) {
        this.simulator = simulator;
        this.threads = threads;
        this.maxFailures = maxFailures;
    }

    /**
     * What a campaign has seen.
     *
     * @param tally all runs together
     * @param failures the runs that broke a promise, by seed
     */
    public record Result(Tally tally, List<Report> failures) {
        /** Copies the list. */
        public Result {
            failures = List.copyOf(failures);
        }
    }

    /**
     * Runs seeds.
     *
     * @param firstSeed the first one; the others follow
     * @param count how many
     * @param progress told after each seed, by one thread at a time, of all that was seen so far
     * @return what was seen
     * @throws InterruptedException if the thread is interrupted
     */
    public Result run(long firstSeed, long count, Consumer<Tally> progress) throws InterruptedException {
        Tally tally = new Tally();
        List<Report> failures = new ArrayList<>();
        AtomicLong next = new AtomicLong();
        Callable<Boolean> worker = () -> {
            for (long i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                Report report = simulator.run(firstSeed + i);
                synchronized (tally) {
                    tally.add(report.tally());
                    report.violation().ifPresent(violation -> failures.add(report));
                    progress.accept(tally);
                    if (failures.size() >= maxFailures) {
                        return false;
                    }
                }
            }
            return true;
        };
        await(worker);
        failures.sort(Comparator.comparingLong(Report::seed));
        return new Result(tally, failures);
    }

    private void await(Callable<Boolean> worker) throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(worker);
            }
            for (Future<Boolean> end : workers.invokeAll(all)) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a run failed, not the code that it ran", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }
}
