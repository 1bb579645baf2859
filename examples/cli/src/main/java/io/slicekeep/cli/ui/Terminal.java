package io.slicekeep.cli.ui;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The controlling terminal, through {@code /proc} and {@code stty}: the JDK tells only of input and output together. */
final class Terminal {
    private static final File TTY = new File("/dev/tty");

    private Terminal() {}

    /** Returns whether a standard stream is a terminal. */
    static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return test(descriptor);
        }
    }

    /** Asks the system's own program, where there is no /proc. */
    private static boolean test(int descriptor) {
        try {
            Process process = new ProcessBuilder("test", "-t", String.valueOf(descriptor))
                    .inheritIO()
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns the width in columns, or 80 if nobody tells. */
    static int columns() {
        try {
            String size = stty("size").strip();
            int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
            return columns >= 40 ? columns : 80;
        } catch (IOException | NumberFormatException e) {
            return 80;
        }
    }

    /** Runs stty on the controlling terminal and returns what it prints. */
    static String stty(String argument) throws IOException {
        Process process = new ProcessBuilder("stty", argument)
                .redirectInput(TTY)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("stty " + argument + " failed on " + TTY);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }

    static Path device() {
        return TTY.toPath();
    }
}
