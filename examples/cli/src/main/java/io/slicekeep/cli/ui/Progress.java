package io.slicekeep.cli.ui;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.LongAdder;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows on standard error how far a long command is: a bar on a terminal, else a plain line every five seconds.
 * Thread-safe.
 */
public abstract class Progress implements AutoCloseable {
    private static final long LINE_MILLIS = 5000;
    private static final long MEBIBYTE = 1 << 20;

    private final LongAdder doneBytes = new LongAdder();
    private final long startNanos = System.nanoTime();

    private Progress() {
        super();
    }

    /** How much a command tells about itself. */
    public enum Mode {
        /** Nothing. */
        QUIET,
        /** A bar or lines. */
        SHOWN
    }

    /**
     * Starts showing.
     *
     * @param shell where to
     * @param mode how much
     * @param title such as {@code put}
     * @param totalBytes how many bytes there will be, or -1 if unknown
     * @return the progress, to be closed by the caller
     */
    public static Progress start(Shell shell, Mode mode, String title, long totalBytes) {
        if (mode == Mode.QUIET) {
            return none();
        }
        return shell.terminals().err() ? new Bar(shell, title, totalBytes) : new Lines(shell, title, totalBytes);
    }

    /**
     * Returns what shows nothing.
     *
     * @return a progress that only counts
     */
    public static Progress none() {
        return new Silent();
    }

    /**
     * Counts bytes.
     *
     * @param bytes that were just done
     */
    public final void add(long bytes) {
        doneBytes.add(bytes);
        advance(bytes);
    }

    /**
     * Returns what was counted.
     *
     * @return bytes
     */
    public final long doneBytes() {
        return doneBytes.sum();
    }

    /**
     * Returns how long it took so far.
     *
     * @return nanoseconds
     */
    public final long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    /**
     * Takes bytes that need not be done off the total.
     *
     * @param bytes of a file that is done already
     */
    public abstract void skip(long bytes);

    abstract void advance(long bytes);

    /** Stops showing, so that a summary can follow. Idempotent. */
    public abstract void finish();

    @Override
    public final void close() {
        finish();
    }

    private static final class Silent extends Progress {
        @Override
        public void skip(long bytes) {}

        @Override
        void advance(long bytes) {}

        @Override
        public void finish() {}
    }

    private static final class Bar extends Progress {
        private final ProgressBar bar;
        private final Shell shell;

        Bar(Shell shell, String title, long totalBytes) {
            super();
            this.shell = shell;
            Line line = new Line(shell);
            this.bar = new ProgressBarBuilder()
                    .setTaskName(title)
                    .setInitialMax(totalBytes)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUnit(" MiB", MEBIBYTE)
                    .setUpdateIntervalMillis(200)
                    .showSpeed()
                    .setConsumer(line)
                    .build();
            shell.beforeLine(line::clear);
        }

        @Override
        public void skip(long bytes) {
            bar.maxHint(Math.max(0, bar.getMax() - bytes));
        }

        @Override
        void advance(long bytes) {
            bar.stepBy(bytes);
        }

        @Override
        public void finish() {
            shell.beforeLine(null);
            bar.close();
        }
    }

    /** The terminal's last line. */
    private static final class Line implements ProgressBarConsumer {
        private final Shell shell;
        private final int columns = Terminal.columns();

        Line(Shell shell) {
            this.shell = shell;
        }

        @Override
        public int getMaxRenderedLength() {
            return columns - 1;
        }

        @Override
        public void accept(String rendered) {
            synchronized (shell) {
                shell.err().print("\r" + rendered);
                shell.err().flush();
            }
        }

        @Override
        public void clear() {
            shell.err().print("\r" + " ".repeat(columns - 1) + "\r");
        }

        @Override
        public void close() {
            shell.err().println();
        }
    }

    private static final class Lines extends Progress {
        private final Timer timer = new Timer("progress", true);
        private final String title;
        private long totalBytes;

        Lines(Shell shell, String title, long totalBytes) {
            super();
            this.title = title;
            this.totalBytes = totalBytes;
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            shell.note(line());
                        }
                    },
                    LINE_MILLIS,
                    LINE_MILLIS);
        }

        @Override
        public synchronized void skip(long bytes) {
            totalBytes = Math.max(0, totalBytes - bytes);
        }

        @Override
        void advance(long bytes) {}

        private synchronized String line() {
            long done = doneBytes();
            String head = title + ": " + Sizes.bytes(done);
            String rate = Sizes.rate(done, elapsedNanos());
            if (totalBytes < 0 || done == 0) {
                return head + ", " + rate;
            }
            long leftNanos = (long) ((double) elapsedNanos() / done * Math.max(0, totalBytes - done));
            return head + " of " + Sizes.bytes(totalBytes) + ", " + rate + ", "
                    + Sizes.time(Duration.ofNanos(leftNanos).toNanos()) + " left";
        }

        @Override
        public void finish() {
            timer.cancel();
        }
    }
}
