package io.slicekeep.simulate;

import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.testkit.simulator.Campaign;
import io.slicekeep.testkit.simulator.Report;
import io.slicekeep.testkit.simulator.Simulator;
import io.slicekeep.testkit.simulator.Tally;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Runs a campaign, explains a seed, or looks for planted bugs. */
public final class Main {
    private static final String USAGE = """
        usage: ./simulate [--seeds N] [--seed S] [--threads T]    runs seeds S to S + N - 1 (1000 from 0)
               ./simulate --explain S                             runs one seed and prints all that happens
               ./simulate --conditional ...                       the same two in conditional namespaces
               ./simulate --planted [--only BUG,BUG] [--seeds N]  plants each bug of docs/RELIABILITY.md in turn and
                                                                  looks for the first of N seeds (1000) that shows it,
                                                                  or runs the test that does
               ./simulate --crashes L                             stops at every store call of every sequence of up to L of
                                                                  14 operations, and recovers (3 takes an hour)
        """;
    private static final int MAX_FAILURES = 5;
    private static final long PROGRESS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Options options;
    private final Simulator simulator;
    private final PrintStream out;
    private long shownAtNanos = System.nanoTime();

    private Main(Options options, PrintStream out) {
        this.options = options;
        this.simulator = new Simulator(SlicedDispersal::new, options.mode());
        this.out = out;
    }

    /**
     * Runs the command.
     *
     * @param args as the usage says
     * @throws Exception if it cannot run
     */
    public static void main(String[] args) throws Exception {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        System.exit(new Main(Options.parse(List.of(args)), System.out).run());
    }

    private int run() throws IOException, InterruptedException {
        if (options.help()) {
            out.print(USAGE);
            return 2;
        }
        if (options.planted()) {
            return new PlantedBugs(Path.of(options.sources()), options.tests())
                    .search(options.only(), options.seed(), options.seeds(), out);
        }
        if (options.crashes() > 0) {
            return new Crashes(options.crashes(), options.threads(), out).search();
        }
        return options.explain() ? explain(options.seed()) : campaign();
    }

    private int explain(long seed) {
        Report report = simulator.explain(seed);
        report.journal().forEach(out::println);
        out.println(report.tally());
        return report.violation().isPresent() ? 1 : 0;
    }

    private int campaign() throws InterruptedException {
        long startNanos = System.nanoTime();
        Campaign campaign = new Campaign(simulator, options.threads(), MAX_FAILURES);
        Campaign.Result result = campaign.run(options.seed(), options.seeds(), tally -> show(tally, startNanos));
        out.print("\r");
        for (Report failed : result.failures()) {
            show(failed);
        }
        out.println(summary(result));
        out.println(speed(result.tally(), startNanos));
        return result.failures().isEmpty() ? 0 : 1;
    }

    /** Prints what was broken, and the least that breaks it. */
    private void show(Report failed) {
        failed.violation().ifPresent(violation -> out.println("seed " + failed.seed() + ": " + violation.getMessage()));
        Report smaller = simulator.shrink(failed);
        smaller.journal().forEach(out::println);
        out.println("run it again: ./simulate " + (options.mode() == NamespaceMode.LWW ? "" : "--conditional ")
                + "--explain " + failed.seed());
    }

    private void show(Tally tally, long startNanos) {
        if (System.nanoTime() - shownAtNanos > PROGRESS_NANOS) {
            shownAtNanos = System.nanoTime();
            out.print("\r" + speed(tally, startNanos));
            out.flush();
        }
    }

    private static String speed(Tally tally, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return String.format(
                Locale.ROOT,
                "%d seeds, %d faults in %.0f s: %.1f seeds/s, %.0f faults/s",
                tally.seeds(),
                tally.faults(),
                seconds,
                tally.seeds() / seconds,
                tally.faults() / seconds);
    }

    private static String summary(Campaign.Result result) {
        return result.tally() + "; " + new Broken(result.failures());
    }
}
