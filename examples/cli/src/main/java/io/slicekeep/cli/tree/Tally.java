package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of many files, and reports each failure when it happens. Thread-safe. */
public final class Tally {
    private final Shell shell;
    private final LongAdder done = new LongAdder();
    private final LongAdder doneBytes = new LongAdder();
    private final LongAdder unchanged = new LongAdder();
    private final Map<String, SiteShortage> shortages = new TreeMap<>();
    private long failures;
    private ExitCode worst = ExitCode.OK;
    private boolean stopped;

    /**
     * Starts counting.
     *
     * @param shell where failures are reported
     */
    public Tally(Shell shell) {
        this.shell = shell;
    }

    private record SiteShortage(long count, String reason) {
        SiteShortage oneMore() {
            return new SiteShortage(count + 1, reason);
        }
    }

    /**
     * Counts a file that was copied.
     *
     * @param bytes its length
     */
    public void done(long bytes) {
        done.increment();
        doneBytes.add(bytes);
    }

    /** Counts a file that was there already. */
    public void unchanged() {
        unchanged.increment();
    }

    /**
     * Counts the sites that a write did not reach.
     *
     * @param missing sites that lack it, and why
     */
    public synchronized void written(Map<String, String> missing) {
        missing.forEach((site, reason) ->
                shortages.merge(site, new SiteShortage(1, reason), (before, fresh) -> before.oneMore()));
    }

    /**
     * Reports a failure.
     *
     * @param what the file or object
     * @param thrown why
     */
    public synchronized void failed(String what, Throwable thrown) {
        Failure failure = Failure.of(thrown);
        boolean echo = stopped && failure.code() == ExitCode.INTERRUPTED;
        failures++;
        worst = worst.worse(failure.code());
        stopped = stopped || stopsEverything(failure);
        if (!echo && failure.code() != ExitCode.INTERRUPTED) {
            String message = failure.message();
            shell.error(message.contains(what) ? message : what + ": " + message);
            shell.trace(thrown);
        }
    }

    /** Other files would fail alike. */
    private static boolean stopsEverything(Failure failure) {
        return switch (failure.code()) {
            case UNAVAILABLE, KEY, INTERRUPTED, BROKEN_PIPE, INTERNAL -> true;
            default -> failure.message().contains("No space left");
        };
    }

    /**
     * Returns whether to start no more files.
     *
     * @return true after a failure that all other files would meet too
     */
    public synchronized boolean stopped() {
        return stopped;
    }

    /**
     * Returns how many files were copied.
     *
     * @return at least 0
     */
    public long doneCount() {
        return done.sum();
    }

    /**
     * Returns how many failed.
     *
     * @return at least 0
     */
    public synchronized long failedCount() {
        return failures;
    }

    /**
     * Returns how many bytes were copied.
     *
     * @return at least 0
     */
    public long doneBytes() {
        return doneBytes.sum();
    }

    /**
     * Tells the end of it.
     *
     * @param verb such as {@code put}
     * @param nanos how long it took
     * @return such as {@code put 12 files (3.4 MiB) in 0.3 s; 5 unchanged; 1 failed}
     */
    public synchronized String summary(String verb, long nanos) {
        long bytes = doneBytes.sum();
        StringBuilder text = new StringBuilder(
                        verb + " " + Sizes.count(done.sum(), "entry").replace("entrys", "entries"))
                .append(" (" + Sizes.bytes(bytes) + ") in " + Sizes.time(nanos) + ", " + Sizes.rate(bytes, nanos));
        if (unchanged.sum() > 0) {
            text.append("; ").append(unchanged.sum()).append(" unchanged");
        }
        if (failures > 0) {
            text.append("; ").append(failures).append(" failed");
            text.append(stopped ? "; the rest was not tried" : "");
        }
        return text.toString();
    }

    /**
     * Tells whether sites lack something of this run.
     *
     * @return true if one does
     */
    public synchronized boolean lacking() {
        return !shortages.isEmpty();
    }

    /** Warns of sites that were not reached. */
    public synchronized void warnOfShortages() {
        shortages.forEach((site, shortage) -> shell.warn("site " + site + " lacks "
                + Sizes.count(shortage.count, "object") + " of this run: " + shortage.reason
                + " (acknowledged; the other sites hold them)"));
    }

    /**
     * Returns how the command ends.
     *
     * @return the worst that happened
     */
    public synchronized ExitCode exitCode() {
        return worst;
    }
}
