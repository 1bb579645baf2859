package io.slicekeep.cli.command;

import io.slicekeep.Finding;
import io.slicekeep.Finding.Level;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files a file system can take. Java does not tell; the {@code stat} of Linux does, and elsewhere nothing is known.
 *
 * @param free how many more
 * @param total how many in all; 0 if it has no limit
 */
record Inodes(long free, long total) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,18}) (\\d{1,18})");
    private static final double FEW = 0.05;

    static Optional<Inodes> of(Path directory) {
        ProcessBuilder stat = new ProcessBuilder("stat", "-f", "-c", "%d %c", directory.toString());
        try {
            Process process = stat.redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                Matcher numbers = NUMBERS.matcher(String.valueOf(lines.readLine()));
                return numbers.matches()
                        ? Optional.of(new Inodes(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2))))
                        : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Finding finding(String subject) {
        if (total == 0) {
            return new Finding(Level.OK, subject, "files", "its file system has no limit of their number", "");
        }
        double share = (double) free / total;
        String message = String.format(Locale.ROOT, "its file system can take %,d more, %.0f %%", free, 100 * share);
        Level level = free == 0 ? Level.PROBLEM : share < FEW ? Level.WARNING : Level.OK;
        String remedy = "run 'slicekeep gc', or give it a file system with more inodes (df -i)";
        return new Finding(level, subject, "files", message, level == Level.OK ? "" : remedy);
    }
}
