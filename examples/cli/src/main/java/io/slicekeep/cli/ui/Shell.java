package io.slicekeep.cli.ui;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command gets from the shell that started it: standard streams and environment. Text is UTF-8 whatever the locale;
 * data goes out through {@link #dataOut()}, and what people read beside it, through {@link #note} and {@link #warn}, goes to
 * standard error. Thread-safe.
 */
public final class Shell {
    private final InputStream in;
    private final OutputStream out;
    private final PrintWriter text;
    private final PrintWriter err;
    private final Map<String, String> environment;
    private final Terminals terminals;
    private volatile boolean debug;
    private @Nullable Runnable beforeLine;

    /**
     * Creates a shell on these streams.
     *
     * @param in standard input
     * @param out standard output
     * @param err standard error
     * @param environment variables
     * @param terminals which streams are terminals
     */
    public Shell(
            InputStream in, OutputStream out, OutputStream err, Map<String, String> environment, Terminals terminals) {
        this.in = in;
        this.out = out;
        this.text = new PrintWriter(new FailingWriter(out), false);
        this.err = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
        this.environment = Map.copyOf(environment);
        this.terminals = terminals;
    }

    /**
     * Returns the shell that started this process.
     *
     * @return its streams and environment
     */
    public static Shell ofProcess() {
        return new Shell(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv(),
                Terminals.ofProcess());
    }

    /**
     * Which standard streams are terminals.
     *
     * @param in whether a person types the input
     * @param out whether a person reads the output
     * @param err whether a person reads the messages
     */
    public record Terminals(boolean in, boolean out, boolean err) {
        /** No terminal at all: a script. */
        public static final Terminals NONE = new Terminals(false, false, false);

        private static Terminals ofProcess() {
            return new Terminals(Terminal.isTerminal(0), Terminal.isTerminal(1), Terminal.isTerminal(2));
        }
    }

    /**
     * Returns a variable of the environment.
     *
     * @param name such as {@code SLICEKEEP_KEEP}
     * @return its value, if it is set and not empty
     */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Returns which streams are terminals.
     *
     * @return the three
     */
    public Terminals terminals() {
        return terminals;
    }

    /**
     * Returns standard input.
     *
     * @return the stream
     */
    public InputStream in() {
        return in;
    }

    /**
     * Returns standard output for text, whose every failure is an {@link OutputException}.
     *
     * @return a writer, flushed by {@link #flush}
     */
    public PrintWriter text() {
        return text;
    }

    /**
     * Prints a line to standard output.
     *
     * @param line without its end
     */
    public void print(String line) {
        text.write(line);
        text.write('\n');
    }

    /** Writes out what was printed. */
    public void flush() {
        text.flush();
    }

    /**
     * Returns standard output for bytes.
     *
     * @return a channel whose failures are {@link OutputException}s; closing it closes nothing
     */
    public WritableByteChannel dataOut() {
        return new DataOut(out);
    }

    /**
     * Tells people something that is no part of the output.
     *
     * @param line one line
     */
    public void note(String line) {
        complain(line);
    }

    /**
     * Warns.
     *
     * @param line one line
     */
    public void warn(String line) {
        complain("slicekeep: warning: " + line);
    }

    /**
     * Reports an error.
     *
     * @param line one line that names the thing and the remedy
     */
    public void error(String line) {
        complain("slicekeep: " + line);
    }

    /**
     * Shows a stack trace, if the user asked for them.
     *
     * @param failure what happened
     */
    public synchronized void trace(Throwable failure) {
        if (debug) {
            failure.printStackTrace(err);
        }
    }

    /**
     * Asks for stack traces.
     *
     * @param wanted whether to show them
     */
    public void debug(boolean wanted) {
        debug = wanted;
    }

    /**
     * Returns whether stack traces and the library's debug messages are wanted.
     *
     * @return true if so
     */
    public boolean debug() {
        return debug;
    }

    /**
     * Returns standard error for what redraws itself.
     *
     * @return the writer
     */
    public PrintWriter err() {
        return err;
    }

    /** Sets what clears the progress bar before a line is written; null for nothing. */
    synchronized void beforeLine(@Nullable Runnable action) {
        beforeLine = action;
    }

    private synchronized void complain(String line) {
        if (beforeLine != null) {
            beforeLine.run();
        }
        err.println(Printable.text(line));
    }

    /** Buffers text; unlike a PrintWriter's stream, it does not swallow errors. */
    private static final class FailingWriter extends Writer {
        private final Writer target;

        FailingWriter(OutputStream out) {
            super();
            this.target = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 14);
        }

        @Override
        public void write(char[] chars, int offset, int count) {
            try {
                target.write(chars, offset, count);
            } catch (IOException e) {
                throw new OutputException(e);
            }
        }

        @Override
        public void flush() {
            try {
                target.flush();
            } catch (IOException e) {
                throw new OutputException(e);
            }
        }

        @Override
        public void close() {
            flush();
        }
    }

    private static final class DataOut implements WritableByteChannel {
        private final OutputStream out;

        DataOut(OutputStream out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer src) {
            int count = src.remaining();
            byte[] bytes = new byte[Math.min(count, 1 << 16)];
            try {
                while (src.hasRemaining()) {
                    int part = Math.min(src.remaining(), bytes.length);
                    src.get(bytes, 0, part);
                    out.write(bytes, 0, part);
                }
                return count;
            } catch (IOException e) {
                throw new OutputException(e);
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
