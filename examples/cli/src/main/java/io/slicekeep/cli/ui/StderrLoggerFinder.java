package io.slicekeep.cli.ui;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Sends the libraries' warnings to standard error, one line each, and their debug messages when asked for. */
public final class StderrLoggerFinder extends System.LoggerFinder {
    private static volatile boolean verbose;

    /** Creates the finder; the JDK does. */
    public StderrLoggerFinder() {
        super();
    }

    /**
     * Asks for debug messages.
     *
     * @param wanted whether to show them
     */
    public static void verbose(boolean wanted) {
        verbose = wanted;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new StderrLogger(name);
    }

    private record StderrLogger(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            boolean ours = name.startsWith("io.slicekeep");
            Level least = verbose && ours ? Level.DEBUG : Level.WARNING;
            return level != Level.OFF && level.getSeverity() >= least.getSeverity();
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                print(level, String.valueOf(message), thrown);
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... params) {
            if (isLoggable(level)) {
                String text = String.valueOf(format);
                print(
                        level,
                        params == null || params.length == 0
                                ? text
                                : new MessageFormat(text, Locale.ROOT).format(params),
                        null);
            }
        }

        private static void print(Level level, String message, @Nullable Throwable thrown) {
            PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
            err.println("slicekeep: " + level.getName().toLowerCase(Locale.ROOT) + ": " + Printable.text(message));
            if (thrown != null && verbose) {
                thrown.printStackTrace(err);
            }
        }
    }
}
