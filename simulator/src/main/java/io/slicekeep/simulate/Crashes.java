package io.slicekeep.simulate;

import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.testkit.crash.SmallCrashes;
import io.slicekeep.testkit.crash.SmallCrashes.Found;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All short sequences of operations, and a crash at every call, on several cores. */
final class Crashes {
    private final int longest;
    private final int threads;
    private final PrintStream out;

    Crashes(int longest, int threads, PrintStream out) {
        this.longest = longest;
        this.threads = threads;
        this.out = out;
    }

    /** Prints a line for each first operation, what was not recovered from, and a line for all. Returns the exit status. */
    int search() throws InterruptedException {
        List<Callable<Found>> parts =
                SmallCrashes.operations().stream().map(this::part).toList();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            Found all = new Found();
            for (Future<Found> part : workers.invokeAll(parts)) {
                all.add(part.get());
            }
            all.broken().forEach(out::println);
            out.println(all);
            return all.broken().isEmpty() ? 0 : 1;
        } catch (ExecutionException e) {
            throw new AssertionError("the search failed, not the code that it searched", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private Callable<Found> part(String first) {
        return () -> {
            Found found = new SmallCrashes(SlicedDispersal::new, longest).search(first);
            out.println(first + " ...: " + found);
            return found;
        };
    }
}
